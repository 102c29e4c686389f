import PluginKit0

/// What the sink was told. The host has checked it against the schema already; the rest is checked here.
struct Configuration: Sendable {
  /// How large the file grows unless the configuration says otherwise.
  static let usualMaxBytes: Int64 = 10 * 1024 * 1024
  /// Longest path, in bytes, as the system has it.
  static let maxPathBytes = 4095

  let path: String
  let maxBytes: Int64

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    path = object["path"]?.string ?? ""
    maxBytes = object["max_bytes"]?.integer ?? Self.usualMaxBytes
    if let fault = Self.fault(path) {
      throw PluginError(violations: [.init(pointer: "/path", code: "path", message: fault)])
    }
  }

  private static func fault(_ path: String) -> String? {
    if !path.hasPrefix("/") { return "must be an absolute path" }
    if path.hasSuffix("/") { return "names a folder; it must name a file" }
    if path.utf8.count > maxPathBytes { return "has more than \(maxPathBytes) bytes" }
    if path.utf8.contains(0) { return "has a NUL in it" }
    return nil
  }
}
