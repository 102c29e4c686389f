import Foundation

/// The texts of a mail: headers decoded (RFC 2047), bodies decoded (RFC 2045). Reads what senders make, and never fails: what
/// it cannot read stays as it came.
enum MailText {
  /// `=?utf-8?B?…?=` and `=?utf-8?Q?…?=` to what they stand for; white space between two of them is left out.
  static func header(_ text: String) -> String {
    var result = ""
    var wasWord = false
    for (word, gap) in words(text) {
      guard let decoded = encodedWord(word) else {
        result += gap + word
        wasWord = false
        continue
      }
      result += (wasWord ? "" : gap) + decoded
      wasWord = true
    }
    return result
  }

  private static func words(_ text: String) -> [(word: String, gap: String)] {
    var found: [(String, String)] = []
    var gap = ""
    var word = ""
    for character in text {
      if character == " " || character == "\t" {
        if !word.isEmpty {
          found.append((word, gap))
          (word, gap) = ("", "")
        }
        gap.append(character)
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? found : found + [(word, gap)]
  }

  private static func encodedWord(_ word: String) -> String? {
    guard word.hasPrefix("=?"), word.hasSuffix("?="), word.count > 8 else { return nil }
    let parts = word.dropFirst(2).dropLast(2).split(separator: "?", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let bytes: [UInt8]?
    switch parts[1].uppercased() {
    case "B": bytes = Data(base64Encoded: String(parts[2])).map { [UInt8]($0) }
    case "Q": bytes = quotedPrintable(Array(parts[2].utf8.map { $0 == Byte.underscore ? Byte.space : $0 }))
    default: bytes = nil
    }
    return bytes.map { text($0, charset: parts[0].lowercased()) }
  }

  /// A body by its transfer encoding and character set.
  static func body(_ bytes: [UInt8], encoding: String, charset: String) -> String {
    switch encoding.lowercased() {
    case "base64":
      let decoded = Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters).map { [UInt8]($0) } ?? bytes
      return text(decoded, charset: charset)
    case "quoted-printable": return text(quotedPrintable(bytes), charset: charset)
    default: return text(bytes, charset: charset)
    }
  }

  private static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == Byte.equals else {
        result.append(byte)
        continue
      }
      if index + 1 < bytes.count, let high = Byte.hexValue(bytes[index]), let low = Byte.hexValue(bytes[index + 1]) {
        result.append(high << 4 | low)
        index += 2
      } else if index < bytes.count, bytes[index] == Byte.lineFeed {
        index += 1
      } else if index + 1 < bytes.count, bytes[index] == Byte.carriageReturn, bytes[index + 1] == Byte.lineFeed {
        index += 2
      } else {
        result.append(byte)
      }
    }
    return result
  }

  private static func text(_ bytes: [UInt8], charset: String) -> String {
    if charset == "iso-8859-1" { return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
