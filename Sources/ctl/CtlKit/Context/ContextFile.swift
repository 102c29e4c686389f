#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file that holds a person's contexts: `$XDG_CONFIG_HOME/carillon/contexts.yaml`.
struct ContextFile: Sendable {
  static let maxBytes = 1024 * 1024

  let path: String

  /// - Returns: nil where there is neither XDG_CONFIG_HOME nor HOME.
  init?(_ environment: [String: String]) {
    // A path that is not absolute is to be ignored (XDG Base Directory Specification).
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      path = "\(folder)/carillon/contexts.yaml"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      path = "\(home)/.config/carillon/contexts.yaml"
    } else {
      return nil
    }
  }

  static func find(_ environment: [String: String]) throws(CtlError) -> ContextFile {
    guard let file = ContextFile(environment) else {
      throw .invalid("XDG_CONFIG_HOME", "neither it nor HOME is set: there is no place for contexts")
    }
    return file
  }

  var folder: String { String(path.dropLast("/contexts.yaml".count)) }

  /// The contexts in it; none when it is not there. Their paths are absolute.
  func read() throws(CtlError) -> ContextList {
    guard access(path, F_OK) == 0 else { return ContextList() }
    var list = try ContextReader.read(InputFile(path).readAll(maxBytes: Self.maxBytes), name: path)
    for index in list.contexts.indices { list.contexts[index].resolvePaths(in: folder) }
    return list
  }

  /// Replaces it whole: who reads it meanwhile sees the old or the new.
  func write(_ list: ContextList) throws(CtlError) {
    try PrivateFolder.make(folder)
    try PrivateFile.replace(path, with: try ContextText.yaml(list))
  }
}

extension ConnectionContext {
  /// Makes paths that are relative to a folder absolute; what is PEM itself stays.
  mutating func resolvePaths(in folder: String) {
    func absolute(_ path: String?) -> String? {
      path.map { $0.hasPrefix("/") || PEMFile.isText($0) ? $0 : "\(folder)/\($0)" }
    }
    authority = absolute(authority)
    certificate = absolute(certificate)
    key = absolute(key)
    if case .file(let path) = token { token = absolute(path).map { .file(path: $0) } }
  }
}
