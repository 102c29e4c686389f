/// What a template may contain. Checked before the Mustache parser sees it, because that one recurses without a
/// bound and knows tags that would undo the escaping or turn rendering into a computation without end.
enum TemplateSyntax {
  static let maxBytes = 16 * 1024
  static let maxTags = 256
  static let maxTagBytes = 128
  static let maxDepth = 16
  static let maxTransforms = 2

  /// Why a template is refused; nil when it may be compiled.
  static func fault(in template: String) -> String? {
    let bytes = Array(template.utf8)
    guard bytes.count <= maxBytes else { return "is longer than \(maxBytes) bytes" }
    var tags = 0
    var depth = 0
    var index = 0
    while let start = tagStart(in: bytes, from: index) {
      tags += 1
      guard tags <= maxTags else { return "has more than \(maxTags) tags" }
      let kind = start < bytes.count ? bytes[start] : 0
      guard let end = tagEnd(in: bytes, from: start) else { return "has a tag that does not end" }
      let body = bytes[start..<end]
      // Comments may be as long as they like.
      if kind != UInt8(ascii: "!"), let fault = tagFault(kind, body) { return fault }
      switch kind {
      case UInt8(ascii: "#"), UInt8(ascii: "^"): depth += 1
      case UInt8(ascii: "/"): depth -= 1
      default: break
      }
      guard depth <= maxDepth else { return "has sections nested deeper than \(maxDepth)" }
      index = end + 2
    }
    return nil
  }

  private static func tagFault(_ kind: UInt8, _ body: ArraySlice<UInt8>) -> String? {
    switch kind {
    case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "$"): return "has a partial or a block, which is not taken"
    case UInt8(ascii: "="): return "changes the delimiters, which is not taken"
    case UInt8(ascii: "%"): return "has a pragma, which is not taken"
    default: break
    }
    guard body.count <= maxTagBytes else { return "has a tag longer than \(maxTagBytes) bytes" }
    guard body.count(where: { $0 == UInt8(ascii: "(") }) <= maxTransforms else {
      return "has a tag with more than \(maxTransforms) transforms"
    }
    return nil
  }

  /// Just after the next `{{`.
  private static func tagStart(in bytes: [UInt8], from index: Int) -> Int? {
    pair(UInt8(ascii: "{"), in: bytes, from: index).map { $0 + 2 }
  }

  /// Where the next `}}` begins.
  private static func tagEnd(in bytes: [UInt8], from index: Int) -> Int? {
    pair(UInt8(ascii: "}"), in: bytes, from: index)
  }

  private static func pair(_ byte: UInt8, in bytes: [UInt8], from index: Int) -> Int? {
    var index = index
    while index + 1 < bytes.count {
      if bytes[index] == byte, bytes[index + 1] == byte { return index }
      index += 1
    }
    return nil
  }
}
