import Testing

@testable import CtlKit

@Suite("CSV rows")
struct ScannerTests {
  private func rows(_ text: String, _ delimiter: Unicode.Scalar = ",", piece: Int = .max) -> [CSVRow] {
    var scanner = CSVScanner(delimiter: UInt8(ascii: delimiter))
    var rows: [CSVRow] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      scanner.consume(rest.prefix(piece)) { rows.append($0) }
      rest = rest.dropFirst(piece)
    }
    scanner.finish { rows.append($0) }
    return rows
  }

  private func texts(_ rows: [CSVRow]) -> [[String]] {
    rows.map { $0.fields.map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test(
    "RFC 4180 and what spreadsheets write",
    arguments: [
      ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
      ("\"a,b\",\"c \"\"d\"\"\"\n", [["a,b", "c \"d\""]]), ("\"two\r\nlines\",x\r\n", [["two\r\nlines", "x"]]),
      (",\n,,", [["", ""], ["", "", ""]]), ("\"\",x", [["", "x"]]), ("a\"b,c", [["a\"b", "c"]]),
      ("\"a\" ,b\n", [["a", "b"]]), ("\n\na\n", [[""], [""], ["a"]]), ("a\rb,c\r\n", [["a\rb", "c"]]),
    ])
  func forms(text: String, expected: [[String]]) {
    for piece in [1, 2, 100] {
      let rows = rows(text, piece: piece)
      #expect(texts(rows) == expected)
      #expect(rows.allSatisfy { $0.fault == nil })
    }
  }

  @Test("lines are counted through quoted line breaks")
  func lines() {
    #expect(rows("h\n\"a\nb\"\nc\n\nd").map(\.line) == [1, 2, 4, 5, 6])
  }

  @Test("what is broken costs its row: open quotes, text after a quote, too many columns, a row too long")
  func broken() {
    #expect(rows("a\n\"open").map(\.fault) == [nil, "the quote that begins on line 2 does not end"])
    #expect(rows("\"a\"b\nc\n").map(\.fault) == ["text follows a closing quote", nil])
    let wide = String(repeating: ",", count: CSVLimits.maxColumns) + "\nok\n"
    #expect(rows(wide).map(\.fault) == ["the row has more than 512 columns", nil])
    let long = "a\n\"" + String(repeating: "x", count: CSVLimits.maxRowBytes) + "\nrest\nok\n"
    let found = rows(long)
    #expect(found[1].fault == "the row is longer than 1048576 bytes; does the quote that begins on line 2 end?")
    #expect(texts(found).suffix(2) == [["rest"], ["ok"]])
    #expect(found.last?.line == 4)
  }

  @Test(
    "the delimiter is the one that stands most often in the first line, outside of quotes",
    arguments: [
      ("a,b;c,d\n", ","), ("a;b;c,d\n", ";"), ("a\tb\n,,,", "\t"), ("a|b", "|"), ("\"a,b,c\";d\n", ";"),
    ] as [(String, Unicode.Scalar)])
  func delimiters(text: String, expected: Unicode.Scalar) {
    #expect(CSVScanner.delimiter(of: Array(text.utf8)) == UInt8(ascii: expected))
  }

  @Test("no delimiter, no guess")
  func noDelimiter() { #expect(CSVScanner.delimiter(of: Array("name\nAda".utf8)) == nil) }

  @Test("encodings: a byte order mark decides, else what is said")
  func encodings() {
    func text(_ bytes: [UInt8], _ encoding: TextEncoding?) -> String {
      var converter = EncodingConverter(encoding)
      let first = bytes.flatMap { converter.convert([$0]) }
      return String(decoding: first + converter.finish(), as: UTF8.self)
    }
    #expect(text([0xEF, 0xBB, 0xBF, 0x61, 0x62], nil) == "ab")
    #expect(text([0xFF, 0xFE, 0x61, 0x00, 0x3E, 0xD8, 0x99, 0xDD], nil) == "a🦙")
    #expect(text([0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x3E, 0xDD, 0x99], nil) == "a🦙")
    #expect(text([0x61, 0x00, 0x62, 0x00], .utf16) == "ab")
    #expect(text([0x80, 0xFC], .windows1252) == "€ü")
    #expect(text([0xFC, 0x61], .latin1) == "üa")
    #expect(text([0x61], nil) == "a")
    #expect(text([0xFF, 0xFE, 0x3E, 0xD8, 0x61, 0x00], nil) == "\u{FFFD}a")
  }
}

@Suite("Dates of tables")
struct TableDateTests {
  @Test(
    "forms that can be read one way only",
    arguments: [
      ("1990-05-04", "1990-05-04"), ("--05-04", "--05-04"), (" --05-04 ", "--05-04"), ("19900504", "1990-05-04"),
      ("4.5.1990", "1990-05-04"), ("04.05.", "--05-04"), ("29.02.1988", "1988-02-29"), ("5/23/1990", "1990-05-23"),
      ("23/5/1990", "1990-05-23"), ("5/5/1990", "1990-05-05"), ("5/23/1990 12:00:00 AM", "1990-05-23"),
      ("1990/5/4", "1990-05-04"), ("1990-05-04T00:00:00Z", "1990-05-04"), ("1604-09-26", "--09-26"),
      ("12/31", "--12-31"), ("23-05-1990", "1990-05-23"), ("0/0/00", nil), ("", nil), ("0000-00-00", nil),
    ] as [(String, String?)])
  func forms(text: String, expected: String?) throws {
    #expect(try TableDate().parse(text)?.description == expected)
  }

  @Test(
    "an order that is said decides",
    arguments: [("dd/mm/yyyy", "1990-04-05"), ("MM/DD/YYYY", "1990-05-04"), ("d.m.y", "1990-04-05")])
  func orders(pattern: String, expected: String) throws {
    let order = try #require(DateOrder(pattern: pattern))
    #expect(try TableDate(order: order).parse("5/4/1990")?.description == expected)
  }

  @Test("two readings are ambiguous", arguments: ["5/4/1990", "05-04-1990", "4/5"])
  func ambiguous(text: String) {
    do {
      _ = try TableDate().parse(text)
      Issue.record("\(text) was read")
    } catch { #expect(error.isAmbiguous && error.reason.contains("--date-format")) }
  }

  @Test(
    "no date, and no day of the calendar",
    arguments: ["soon", "30.2.1990", "1.2.90", "13/13/1990", "1990-13-01", "99999.1.1", "1.2.3.4"])
  func faults(text: String) {
    do {
      _ = try TableDate().parse(text)
      Issue.record("\(text) was read")
    } catch { #expect(!error.isAmbiguous && error.reason.contains(text)) }
  }

  @Test("patterns that name no order", arguments: ["dd.yyyy", "x", "", "ddmmyyyydd"])
  func patterns(text: String) { #expect(DateOrder(pattern: text) == nil) }
}
