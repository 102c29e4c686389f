import Testing

@testable import CtlKit

@Suite("vCard lines")
struct LineTests {
  private func unfold(_ bytes: [UInt8], piece: Int = .max) -> [LogicalLine] {
    var unfolder = LineUnfolder()
    var lines: [LogicalLine] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      unfolder.consume(rest.prefix(piece)) { lines.append($0) }
      rest = rest.dropFirst(piece)
    }
    unfolder.finish { lines.append($0) }
    return lines
  }

  private func texts(_ input: String) -> [String] {
    unfold(Array(input.utf8)).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test(
    "folded lines are joined, whatever ends them",
    arguments: [
      ("A:1\r\nB:2\r\n", ["A:1", "B:2"]),
      ("A:1\nB:2", ["A:1", "B:2"]),
      ("A:one\r\n  two\r\n", ["A:one two"]),
      ("A:one\n\ttwo\n", ["A:onetwo"]),
      ("A:x\r\n y\r\n z\r\nB:1\r\n", ["A:xyz", "B:1"]),
      ("A:1\n\n B:2\n", ["A:1", " B:2"]),
      ("", []),
      ("A;ENCODING=QUOTED-PRINTABLE:one=\r\ntwo=\r\n=41\r\nB:1\r\n", ["A;ENCODING=QUOTED-PRINTABLE:onetwo=41", "B:1"]),
      ("A;quoted-printable:x=\n\nB:1\n", ["A;quoted-printable:x", "B:1"]),
      ("A:one=\r\nB:1\r\n", ["A:one=", "B:1"]),
      ("A:QUOTED-PRINTABLE=\nB:1\n", ["A:QUOTED-PRINTABLE=", "B:1"]),
    ])
  func unfolding(input: String, expected: [String]) {
    #expect(texts(input) == expected)
  }

  @Test("a line may be folded inside a character")
  func foldInsideCharacter() {
    var bytes = Array("FN:Zo".utf8)
    let letter = Array("ë".utf8)
    bytes += [letter[0], 0x0D, 0x0A, 0x20, letter[1]]
    #expect(unfold(bytes).map(\.bytes) == [Array("FN:Zoë".utf8)])
  }

  @Test("the pieces in which bytes arrive make no difference", arguments: [1, 2, 3, 7, 64])
  func pieces(size: Int) throws {
    let bytes = try Fixture.bytes("nextcloud.vcf")
    #expect(unfold(bytes, piece: size) == unfold(bytes))
  }

  @Test("lines carry the number of their first physical line")
  func numbers() {
    #expect(unfold(Array("A:1\n x\n\nB:2\nC:3\n".utf8)).map(\.number) == [1, 4, 5])
  }

  @Test("an endless line keeps no more than its bound")
  func longLine() {
    let lines = unfold(Array(repeating: UInt8(ascii: "x"), count: ContentLineLimits.maxLineBytes + 1))
    #expect(lines.map(\.bytes.count) == [ContentLineLimits.maxLineBytes])
    #expect(lines.map(\.isTruncated) == [true])
  }

  @Test("group, parameters and value are told apart")
  func contentLine() throws {
    let line = try ContentLine(Array("item1.Email;type=INTERNET,pref;X-A=\"a;b:c^'d\";HOME;PREF=3:a:b;c".utf8))
    #expect(line.group == "ITEM1")
    #expect(line.name == "EMAIL")
    #expect(line.parameterWords("TYPE") == ["INTERNET", "PREF", "HOME"])
    #expect(line.parameter("X-A") == "a;b:c\"d")
    #expect(line.preference == 3)
    #expect(String(decoding: line.value, as: UTF8.self) == "a:b;c")
  }

  @Test(
    "a malformed line names its fault",
    arguments: [
      ("no colon here", ContentLine.Malformation.noColon),
      (":value", .noName),
      ("item1.:value", .noName),
      ("B@D:x", .badName),
      ("A;=x:y", .badParameter),
      ("A;T=\"open:x", .openQuote),
      ("A;T=x", .noColon),
      ("A;T=\"x\"y:z", .badParameter),
    ])
  func malformed(text: String, fault: ContentLine.Malformation) {
    #expect(throws: fault) { try ContentLine(Array(text.utf8)) }
  }

  @Test(
    "circumflexes in parameters (RFC 6868)",
    arguments: [("a^nb", "a\nb"), ("^'x^'", "\"x\""), ("^^n", "^n"), ("^x", "^x"), ("end^", "end^"), ("^^^'", "^\"")])
  func carets(text: String, expected: String) {
    #expect(ParameterText.decode(text) == expected)
  }

  @Test(
    "escapes",
    arguments: [
      (#"a\nb\Nc"#, "a\nb\nc"), (#"\,\;\\\:"#, ",;\\:"), (#"C:\garage"#, #"C:\garage"#), (#"end\"#, #"end\"#),
      (#"\\n"#, #"\n"#), ("plain", "plain"),
    ])
  func escapes(text: String, expected: String) {
    #expect(TextValue.unescape(text) == expected)
  }

  @Test("components are split only where no backslash stands before")
  func components() {
    #expect(TextValue.split(#"a\;b;c\\;d;"#, at: ";") == ["a;b", #"c\"#, "d", ""])
  }

  @Test(
    "transfer encodings and character sets",
    arguments: [
      ("A;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=c3=9fe", "Grüße"),
      ("A;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=DFe", "Grüße"),
      ("A;ENCODING=quoted-printable;CHARSET=windows-1252:=80=9C", "€œ"),
      ("A;CHARSET=UTF-8:día", "día"),
    ])
  func decoding(text: String, expected: String) throws {
    #expect(try TextValue.decode(ContentLine(Array(text.utf8))) == expected)
  }

  @Test(
    "values that are no text say why",
    arguments: [
      ("A;ENCODING=b:QUJD", TextValue.Failure.binary),
      ("A;ENCODING=QUOTED-PRINTABLE:=4", .badQuotedPrintable),
      ("A;ENCODING=QUOTED-PRINTABLE:=GG", .badQuotedPrintable),
      ("A;ENCODING=QUOTED-PRINTABLE:=FF", .notInCharset("UTF-8")),
      ("A;CHARSET=KOI8-R:x", .unknownCharset("KOI8-R")),
      ("A;CHARSET=CP1252;QUOTED-PRINTABLE:=81", .notInCharset("WINDOWS-1252")),
    ])
  func notText(text: String, failure: TextValue.Failure) throws {
    let line = try ContentLine(Array(text.utf8))
    #expect(throws: failure) { try TextValue.decode(line) }
  }
}
