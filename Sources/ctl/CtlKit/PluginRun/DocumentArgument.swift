/// A JSON document on the command line: itself, or the file that has it, with or without the `@` that other commands want.
enum DocumentArgument {
  /// Its text; nil when there is none.
  /// - Parameter option: the option's name, for errors.
  /// - Throws: when the file cannot be read, has more than ``RunLimits/maxDocumentBytes``, or is no JSON object.
  static func json(_ argument: String?, _ option: String) throws(CtlError) -> String? {
    guard let value = try object(argument, option) else { return nil }
    return value.compact
  }

  /// Its value; nil when there is none.
  /// - Throws: as ``json(_:_:)``.
  static func object(_ argument: String?, _ option: String) throws(CtlError) -> JSONValue? {
    guard let argument else { return nil }
    let isInline = argument.drop { " \n\t".contains($0) }.first == "{"
    let file = argument.hasPrefix("@") ? String(argument.dropFirst()) : argument
    let bytes = isInline ? Array(argument.utf8) : try InputFile(file).readAll(maxBytes: RunLimits.maxDocumentBytes)
    guard bytes.count <= RunLimits.maxDocumentBytes else {
      throw .invalid(option, "has more than \(RunLimits.maxDocumentBytes) bytes")
    }
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw .invalid(option, "is no JSON: \(error.reason) at byte \(error.offset)")
    }
    guard case .object = value else { throw .invalid(option, "must be a JSON object") }
    return value
  }
}
