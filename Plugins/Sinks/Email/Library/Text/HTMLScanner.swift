/// Cuts HTML into tags and what stands between. Takes anything: what is no tag is text. One pass, however broken.
struct HTMLScanner {
  enum Piece: Equatable {
    case text(String)
    /// In lower case. `link` is the value of `href`, of `alt` for an image.
    case open(String, link: String)
    case close(String)
  }

  /// Their content is not for readers.
  private static let silent: Set<String> = ["script", "style", "head", "title", "template", "noscript"]

  private let bytes: [UInt8]
  private var index = 0

  init(_ html: String) { bytes = Array(html.utf8) }

  /// Nil at the end.
  mutating func next() -> Piece? {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else { return text() }
      switch bytes[index + 1] {
      case UInt8(ascii: "!"), UInt8(ascii: "?"): skipDeclaration()
      case UInt8(ascii: "/"): return tag(from: index + 2, isClosing: true)
      case let byte where Self.isLetter(byte): return tag(from: index + 1, isClosing: false)
      default: return text()
      }
    }
    return nil
  }

  /// Up to the next `<`; at least one byte.
  private mutating func text() -> Piece {
    let start = index
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
    return .text(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  private mutating func skipDeclaration() {
    if bytes[index...].starts(with: "<!--".utf8) {
      index += 4
      while index < bytes.count, !bytes[index...].starts(with: "-->".utf8) { index += 1 }
      index = min(index + 3, bytes.count)
    } else {
      while index < bytes.count, bytes[index] != UInt8(ascii: ">") { index += 1 }
      index = min(index + 1, bytes.count)
    }
  }

  private mutating func tag(from start: Int, isClosing: Bool) -> Piece {
    index = start
    while index < bytes.count, Self.isLetter(bytes[index]) || (0x30...0x39).contains(bytes[index]) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    var link = ""
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      let attribute = attribute()
      if attribute.name == (name == "img" ? "alt" : "href") { link = HTMLEntities.decoded(attribute.value) }
    }
    index = min(index + 1, bytes.count)
    if isClosing { return .close(name) }
    if Self.silent.contains(name) { skipContent(of: name) }
    return .open(name, link: link)
  }

  /// One attribute, or one byte that is none.
  private mutating func attribute() -> (name: String, value: String) {
    let start = index
    while index < bytes.count, !Self.endsName(bytes[index]) { index += 1 }
    guard index > start else {
      index += 1
      return ("", "")
    }
    let name = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    skipSpace()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return (name, "") }
    index += 1
    skipSpace()
    return (name, value())
  }

  private mutating func value() -> String {
    guard index < bytes.count else { return "" }
    let quote = bytes[index]
    let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    let start = isQuoted ? index + 1 : index
    index = start
    while index < bytes.count,
      isQuoted ? bytes[index] != quote : !Self.isSpace(bytes[index]) && bytes[index] != UInt8(ascii: ">")
    { index += 1 }
    defer { if isQuoted { index = min(index + 1, bytes.count) } }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
  }

  /// To its closing tag, which comes next, or to the end.
  private mutating func skipContent(of name: String) {
    let end = Array("</\(name)".utf8)
    while index < bytes.count, !isNext(end) { index += 1 }
  }

  private func isNext(_ lowercase: [UInt8]) -> Bool {
    guard index + lowercase.count <= bytes.count else { return false }
    return zip(bytes[index...], lowercase).allSatisfy { ($0 | (Self.isLetter($0) ? 0x20 : 0)) == $1 }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  private static func endsName(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "/")
  }
}
