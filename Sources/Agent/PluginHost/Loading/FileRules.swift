#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Who may write to what is loaded. A plugin runs with all the agent's rights, so that whoever can change its file, or
/// put another one in its folder, owns the agent.
enum FileRules {
  /// Checks a folder and, for writers other than owner and group, the folders above it.
  /// - Returns: its canonical path.
  /// - Throws: `.unsafeFolder`
  static func checkFolder(_ path: String, allowsUnsafe: Bool) throws(PluginHostError) -> String {
    guard let canonical = canonical(path), let status = status(canonical) else {
      throw PluginHostError(.unsafeFolder, "the plugin folder \(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw PluginHostError(.unsafeFolder, "the plugin folder \(path) is no folder")
    }
    if allowsUnsafe { return canonical }
    if let fault = fault(status) { throw PluginHostError(.unsafeFolder, "the plugin folder \(canonical) \(fault)") }
    var above = canonical
    while above != "/", let slash = above.lastIndex(of: "/") {
      above = slash == above.startIndex ? "/" : String(above[..<slash])
      guard let status = self.status(above) else { break }
      // In a folder with the sticky bit nobody can replace what is another's.
      if status.st_mode & S_IWOTH != 0, status.st_mode & S_ISVTX == 0 {
        throw PluginHostError(
          .unsafeFolder, "the plugin folder \(canonical) is inside \(above), which anyone can change")
      }
    }
    return canonical
  }

  /// Checks a plugin's file.
  /// - Throws: `.unsafeFile`
  static func checkFile(_ path: String, _ status: stat, allowsUnsafe: Bool) throws(PluginHostError) {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw PluginHostError(.unsafeFile, "\(path) is no regular file")
    }
    if !allowsUnsafe, let fault = fault(status) { throw PluginHostError(.unsafeFile, "\(path) \(fault)") }
  }

  private static func fault(_ status: stat) -> String? {
    if status.st_mode & (S_IWGRP | S_IWOTH) != 0 {
      return "can be changed by its group or by others; make it writable for its owner only (chmod go-w)"
    }
    if status.st_uid != 0, status.st_uid != geteuid() {
      return "belongs to user \(status.st_uid); it must belong to root or to the user the agent runs as"
    }
    return nil
  }

  private static func canonical(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }
}

/// The `*.so` files of a folder.
enum PluginFolder {
  /// Most files that are looked at in one folder.
  static let maximumFiles = 256

  /// Their paths, by name, our own first: no other plugin may take the name of one of them by being earlier.
  /// - Throws: `.unsafeFolder` when the folder cannot be read.
  static func libraries(in folder: String) throws(PluginHostError) -> [String] {
    guard let stream = opendir(folder) else {
      throw PluginHostError(.unsafeFolder, "the plugin folder \(folder): \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      guard name.hasSuffix(".so"), !name.hasPrefix(".") else { continue }
      names.append(name)
      guard names.count <= maximumFiles else {
        throw PluginHostError(.unsafeFolder, "the plugin folder \(folder) has more than \(maximumFiles) libraries")
      }
    }
    let (own, others) = (names.filter(LoadingPolicy.isOurFile), names.filter { !LoadingPolicy.isOurFile($0) })
    return (own.sorted() + others.sorted()).map { folder + "/" + $0 }
  }
}
