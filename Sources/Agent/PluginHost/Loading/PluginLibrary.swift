import CPluginAPI
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A library that was opened, and the tables it answered. Nothing of it but its constructors has run.
struct PluginLibrary: @unchecked Sendable {
  // Unchecked: C function pointers and static tables, which any thread may read.
  let file: String
  let table: carillon_plugin
  let manifest: PluginManifest

  /// Libraries that were started in this process. One library cannot be started twice, so that another registry gets a
  /// copy of it.
  private static let started = Mutex<Set<UInt>>([])
  /// Largest library that is copied, in bytes.
  private static let maximumCopyBytes: UInt64 = 512 * 1_024 * 1_024

  /// Checks a file and opens it.
  /// - Throws: what is wrong with it, naming the file.
  static func open(_ path: String, allowsUnsafe: Bool) throws(PluginHostError) -> PluginLibrary {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw PluginHostError(.unsafeFile, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw PluginHostError(.unsafeFile, "\(path): \(String(cString: strerror(errno)))")
    }
    try FileRules.checkFile(path, status, allowsUnsafe: allowsUnsafe)
    let size = UInt64(max(0, status.st_size))
    try ELFFile.check(file, path: path, size: size)
    let table = try entry(try load(path, file, size), path)
    return PluginLibrary(file: path, table: table, manifest: try manifest(table, path))
  }

  private static func load(_ path: String, _ file: Int32, _ size: UInt64) throws(PluginHostError)
    -> UnsafeMutableRawPointer
  {
    let handle = try dlopen(path, path)
    if started.withLock({ $0.insert(UInt(bitPattern: handle)).inserted }) { return handle }
    let copy = try self.copy(file, size, path)
    let second = try dlopen("/proc/self/fd/\(copy)", path)
    started.withLock { _ = $0.insert(UInt(bitPattern: second)) }
    return second
  }

  private static func dlopen(_ name: String, _ path: String) throws(PluginHostError) -> UnsafeMutableRawPointer {
    // RTLD_NODELETE: unloading code is where hosts crash.
    guard let handle = Glibc.dlopen(name, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)) else {
      let why = dlerror().map { PlainText.oneLine(String(cString: $0)) } ?? "no reason given"
      throw PluginHostError(.notLoadable, "\(path) cannot be loaded: \(why)")
    }
    return handle
  }

  /// A copy in memory. Its descriptor stays open while the process lives: the loader knows libraries by name, and a
  /// number used again would bring back the old one.
  private static func copy(_ file: Int32, _ size: UInt64, _ path: String) throws(PluginHostError) -> Int32 {
    func fault() -> PluginHostError {
      PluginHostError(.notLoadable, "\(path) cannot be copied: \(String(cString: strerror(errno)))")
    }
    guard size <= maximumCopyBytes else { throw PluginHostError(.notLoadable, "\(path) is too large to be copied") }
    let copy = GNU.memoryFile("carillon-plugin")
    guard copy >= 0 else { throw fault() }
    var offset: off_t = 0
    while offset < off_t(size) {
      let got = sendfile(copy, file, &offset, Int(size) - Int(offset))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        let error = fault()
        close(copy)
        throw error
      }
    }
    return copy
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
    // What tells the version stands first, and is checked first: of another major version nothing else is known.
    guard table.struct_size >= 8 else {
      throw PluginHostError(.malformedPlugin, "\(path): carillon_plugin has a struct_size of \(table.struct_size)")
    }
    guard table.abi_major == CARILLON_ABI_MAJOR else {
      throw PluginHostError(
        .wrongVersion,
        "\(path) was built for version \(table.abi_major) of the plugin ABI; this host has version \(CARILLON_ABI_MAJOR)"
      )
    }
    guard table.struct_size >= carillon_plugin.fullSize else {
      throw PluginHostError(
        .malformedPlugin,
        "\(path): carillon_plugin has a struct_size of \(table.struct_size); at least \(carillon_plugin.fullSize) are needed"
      )
    }
    return table
  }

  private static func manifest(_ table: carillon_plugin, _ path: String) throws(PluginHostError) -> PluginManifest {
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
    do throws(PluginHostError) { return try PluginManifest(text: manifest) } catch {
      throw PluginHostError(error.code, "\(path): \(error.message)", violations: error.violations, cause: error.cause)
    }
  }
}
