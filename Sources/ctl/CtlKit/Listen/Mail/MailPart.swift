/// A mail, or a part of one: headers and body (RFC 5322, RFC 2046).
struct MailPart {
  /// Parts within parts are followed so deep.
  static let maxDepth = 4
  /// Parts of one level that are read.
  static let maxParts = 20
  /// Headers that are read.
  static let maxHeaders = 200

  private(set) var headers: [(name: String, value: String)] = []
  private(set) var body: ArraySlice<UInt8> = []

  /// Reads a part; lines end with CR LF.
  init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let end = Self.lineEnd(rest), headers.count < Self.maxHeaders {
      let line = rest[rest.startIndex..<end]
      rest = rest[(end + 2)...]
      if line.isEmpty { break }
      let text = String(decoding: line, as: UTF8.self)
      if let first = line.first, first == Byte.space || first == Byte.tab, !headers.isEmpty {
        headers[headers.count - 1].value += text
      } else if let colon = text.firstIndex(of: ":") {
        headers.append((text[..<colon].lowercased(), text[text.index(after: colon)...].trimmed))
      }
    }
    body = rest
  }

  /// A header's value, decoded; nil when there is none.
  func header(_ name: String) -> String? { headers.first { $0.name == name }.map { MailText.header($0.value) } }

  /// The media type, lower case: `text/plain` unless said.
  var type: String {
    let value = header("content-type") ?? "text/plain"
    return value.prefix { $0 != ";" }.trimmed.lowercased()
  }

  /// A parameter of the content type.
  func parameter(_ name: String) -> String? {
    for piece in (header("content-type") ?? "").split(separator: ";").dropFirst() {
      let halves = piece.split(separator: "=", maxSplits: 1)
      guard halves.count == 2, halves[0].trimmed.lowercased() == name else { continue }
      let value = halves[1].trimmed
      return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count >= 2
        ? String(value.dropFirst().dropLast()) : value
    }
    return nil
  }

  /// The text of the first part of a media type, here or within.
  func text(of type: String, depth: Int = 0) -> String? {
    if self.type == type {
      return MailText.body(
        Array(body), encoding: header("content-transfer-encoding") ?? "7bit",
        charset: parameter("charset")?.lowercased() ?? "utf-8")
    }
    guard self.type.hasPrefix("multipart/"), depth < Self.maxDepth else { return nil }
    return parts.lazy.compactMap { $0.text(of: type, depth: depth + 1) }.first
  }

  /// The parts between the boundary's lines.
  var parts: [MailPart] {
    guard let boundary = parameter("boundary"), !boundary.isEmpty else { return [] }
    let mark = Array("--\(boundary)".utf8)
    var found: [MailPart] = []
    var start: Int?
    var rest = body
    while found.count < Self.maxParts {
      let end = Self.lineEnd(rest) ?? rest.endIndex
      let line = rest[rest.startIndex..<end]
      if line.starts(with: mark) {
        // The line end before the boundary belongs to the boundary.
        if let start { found.append(MailPart(body[start..<max(start, line.startIndex - 2)])) }
        start = min(end + 2, body.endIndex)
        if line.dropFirst(mark.count).starts(with: "--".utf8) { break }
      }
      guard end < rest.endIndex else { break }
      rest = rest[(end + 2)...]
    }
    return found
  }

  private static func lineEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while let end = bytes[index...].firstIndex(of: Byte.carriageReturn), end + 1 < bytes.endIndex {
      if bytes[end + 1] == Byte.lineFeed { return end }
      index = end + 1
    }
    return nil
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  fileprivate var trimmed: String {
    let start = self.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
