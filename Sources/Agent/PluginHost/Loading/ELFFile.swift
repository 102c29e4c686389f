import PluginFile

/// What must be true of a file before the dynamic loader may touch it: the loader maps what the headers promise, and
/// loading a library which is no plugin already runs its constructors.
enum ELFFile {
  /// Reads and checks an open file.
  /// - Throws: `.notALibrary` or `.missingSymbol`, saying what is wrong.
  static func read(_ file: Int32, path: String) throws(PluginHostError) -> PluginFile {
    let inspected: PluginFile
    do throws(PluginFileError) { inspected = try PluginFile.inspect(descriptor: file, name: path) } catch {
      throw PluginHostError(.notALibrary, error.message, cause: error)
    }
    guard inspected.machine == .current else {
      throw PluginHostError(.notALibrary, "\(path) is for \(inspected.machine), this one is \(ELFMachine.current)")
    }
    guard inspected.isPlugin else {
      throw PluginHostError(.missingSymbol, "\(path) is no plugin: it does not export \(PluginFile.entrySymbol)")
    }
    return inspected
  }
}
