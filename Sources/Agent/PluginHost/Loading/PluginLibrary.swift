import CPluginAPI

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A library that was opened in this process, and the tables it answered. Nothing of it but its constructors has run.
struct PluginLibrary: @unchecked Sendable {
  // Unchecked: C function pointers and static tables, which any thread may read.
  let file: String
  let table: carillon_plugin
  let manifest: PluginManifest

  /// Opens a sealed copy.
  /// - Throws: what is wrong with it, naming the file.
  static func open(_ image: PluginImage) throws(PluginHostError) -> PluginLibrary {
    let table = try entry(try load(image), image.file)
    let text = try manifestText(table, image.file)
    return PluginLibrary(
      file: image.file, table: table, manifest: try PluginManifest.read(text, of: image))
  }

  private static func load(_ image: PluginImage) throws(PluginHostError) -> UnsafeMutableRawPointer {
    // RTLD_NODELETE: unloading code is where hosts crash.
    guard let handle = dlopen(image.path, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)) else {
      let why = dlerror().map { PlainText.oneLine(String(cString: $0)) } ?? "no reason given"
      throw PluginHostError(.notLoadable, "\(image.file) cannot be loaded: \(why)")
    }
    return handle
  }

  private typealias Entry = @convention(c) () -> UnsafePointer<carillon_plugin>?

  private static func entry(_ handle: UnsafeMutableRawPointer, _ path: String) throws(PluginHostError)
    -> carillon_plugin
  {
    guard let symbol = dlsym(handle, CARILLON_PLUGIN_SYMBOL) else {
      throw PluginHostError(.missingSymbol, "\(path) is no plugin: it does not export \(CARILLON_PLUGIN_SYMBOL)")
    }
    guard let pointer = unsafeBitCast(symbol, to: Entry.self)() else {
      throw PluginHostError(.malformedPlugin, "\(path): \(CARILLON_PLUGIN_SYMBOL) answered NULL")
    }
    let table = carillon_plugin.read(pointer)
    try PluginTable.check(path, structSize: table.struct_size, major: table.abi_major)
    return table
  }

  private static func manifestText(_ table: carillon_plugin, _ path: String) throws(PluginHostError) -> String {
    guard let text = table.manifest_json, table.start != nil, table.stop != nil, table.interface != nil else {
      throw PluginHostError(.malformedPlugin, "\(path): manifest_json, start, stop and interface must not be NULL")
    }
    let length = strnlen(text, PluginManifest.maximumBytes + 1)
    guard length <= PluginManifest.maximumBytes else {
      throw PluginHostError(
        .malformedPlugin, "\(path): the manifest is longer than \(PluginManifest.maximumBytes) bytes")
    }
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    guard let manifest = String(validating: bytes, as: UTF8.self) else {
      throw PluginHostError(.malformedPlugin, "\(path): the manifest is no UTF-8")
    }
    return manifest
  }
}

/// What `carillon_plugin` must say, wherever it was read.
enum PluginTable {
  /// - Throws: `.wrongVersion` or `.malformedPlugin`, naming the file.
  static func check(_ path: String, structSize: UInt32, major: UInt32) throws(PluginHostError) {
    // What tells the version stands first, and is checked first: of another major version nothing else is known.
    guard structSize >= 8 else {
      throw PluginHostError(.malformedPlugin, "\(path): carillon_plugin has a struct_size of \(structSize)")
    }
    guard major == CARILLON_ABI_MAJOR else {
      throw PluginHostError(
        .wrongVersion,
        "\(path) was built for version \(major) of the plugin ABI; this host has version \(CARILLON_ABI_MAJOR)")
    }
    guard structSize >= carillon_plugin.fullSize else {
      throw PluginHostError(
        .malformedPlugin,
        "\(path): carillon_plugin has a struct_size of \(structSize); at least \(carillon_plugin.fullSize) are needed")
    }
  }
}

extension PluginManifest {
  /// Reads the manifest that a plugin answered, which must be the one in its file where that has one.
  static func read(_ text: String, of image: PluginImage) throws(PluginHostError) -> PluginManifest {
    if let noted = image.noted, !noted.utf8.elementsEqual(text.utf8) {
      throw PluginHostError(
        .malformedPlugin, "\(image.file): the manifest in the file's note is not the one that the plugin answers")
    }
    do throws(PluginHostError) { return try PluginManifest(text: text) } catch {
      throw PluginHostError(
        error.code, "\(image.file): \(error.message)", violations: error.violations, cause: error.cause)
    }
  }
}
