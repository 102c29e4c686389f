/// A text on the command line or in a file (`@FILE`, `@-`); `@@` is an `@` that the text begins with.
enum TextArgument {
  /// - Parameter field: how errors name it.
  static func read(
    _ text: String?, field: String, maxBytes: Int, surroundings: Surroundings
  ) throws(CtlError) -> String? {
    guard let text else { return nil }
    guard text.hasPrefix("@") else { return text }
    guard !text.hasPrefix("@@") else { return String(text.dropFirst()) }
    let file = try InputFile(String(text.dropFirst()), surroundings: surroundings)
    var bytes: [UInt8] = []
    while bytes.count <= maxBytes {
      let piece = try file.read()
      if piece.isEmpty { break }
      bytes += piece
    }
    guard bytes.count <= maxBytes else { throw .invalid(field, "\(file.name) has more than \(maxBytes) bytes") }
    guard let content = String(validating: bytes, as: UTF8.self) else {
      throw .invalid(field, "\(file.name) is not valid UTF-8")
    }
    return content
  }
}
