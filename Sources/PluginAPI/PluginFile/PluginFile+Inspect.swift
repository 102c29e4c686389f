#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

extension PluginFile {
  /// Reads a file.
  /// - Throws: `.unreadable`, or `.notALibrary` with what is wrong; both name the path.
  public static func inspect(_ path: String) throws(PluginFileError) -> PluginFile {
    // Not to be held up by a pipe or a terminal that somebody named as a plugin.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw PluginFileError(.unreadable, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    return try inspect(descriptor: file, name: path)
  }

  /// Reads an open file, whatever its position is, which stays as it is.
  ///
  /// The parts are read one after the other: give it a file that nobody can change meanwhile (a sealed copy), when what
  /// was inspected is to be what is loaded.
  /// - Parameters:
  ///   - descriptor: open for reading; stays the caller's.
  ///   - name: what errors call it.
  /// - Throws: `.unreadable`, or `.notALibrary` with what is wrong; both name it.
  public static func inspect(descriptor: Int32, name: String) throws(PluginFileError) -> PluginFile {
    let bytes = try FileBytes(descriptor: descriptor, name: name)
    let image = try ELFImage(bytes)
    let dynamic = try ELFDynamic(image)
    let symbols = try ELFSymbols(image, dynamic)
    let notes = try ELFNotes(image)
    return PluginFile(
      size: bytes.size, sha256: try bytes.sha256(), machine: image.machine, manifest: notes.manifest, abi: notes.abi,
      exports: symbols.exports, exportCount: symbols.count, needed: dynamic.needed, soname: dynamic.soname,
      runPaths: dynamic.runPaths, buildID: notes.buildID, wantsExecutableStack: image.wantsExecutableStack)
  }
}
