import CPluginAPI

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A plugin's library, opened as the agent opens it, and what its entry answered.
struct OpenPlugin: @unchecked Sendable {
  // Unchecked: C function pointers and static tables, which any thread may read.
  typealias Entry = @convention(c) () -> UnsafePointer<carillon_plugin>?

  let calls: Calls
  let entry: Entry

  /// Loads the library and looks the entry up.
  static func load(_ file: String, _ calls: Calls) throws(CaseEnd) -> OpenPlugin {
    let flags = RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)
    let handle = calls.run("dlopen (constructors)") { dlopen(file, flags) }
    guard let handle else {
      throw .failed("it cannot be loaded: \(dlerror().map { String(cString: $0) } ?? "no reason given")")
    }
    guard let symbol = dlsym(handle, CARILLON_PLUGIN_SYMBOL) else {
      throw .failed("it does not export \(CARILLON_PLUGIN_SYMBOL)")
    }
    return OpenPlugin(calls: calls, entry: unsafeBitCast(symbol, to: Entry.self))
  }

  /// What the entry answers.
  func pointer() throws(CaseEnd) -> UnsafePointer<carillon_plugin> {
    guard let pointer = calls.run("carillon_plugin_v1", { entry() }) else {
      throw .failed("\(CARILLON_PLUGIN_SYMBOL) answered NULL")
    }
    return pointer
  }

  func table() throws(CaseEnd) -> carillon_plugin { Foreign.read(try pointer(), zero: carillon_plugin()) }

  /// The manifest's text.
  static func manifestBytes(_ table: carillon_plugin, atMost maximum: Int) throws(CaseEnd) -> [UInt8] {
    guard let text = table.manifest_json else { throw .failed("manifest_json is NULL") }
    let length = strnlen(text, maximum + 1)
    guard length <= maximum else {
      throw .failed("the manifest is longer than \(maximum) bytes, or does not end with a NUL")
    }
    return Array(UnsafeRawBufferPointer(start: text, count: length))
  }
}

/// How a case ends before its end.
enum CaseEnd: Error {
  /// A fault after which nothing more can be tried.
  case failed(String)
  /// It cannot be tried, and why.
  case skipped(String)
}

/// Calls into the plugin, noted where the program can see them: a crash or a hang is told with the function's name.
final class Calls: Sendable {
  private let page: SharedPage?
  private let limit: Int64
  private let free: Gate<[Int]>

  /// - Parameter limit: how long a call may take, in nanoseconds.
  init(page: SharedPage?, limit: Int64) {
    self.page = page
    self.limit = limit
    free = Gate(Array(0..<SharedPage.slots))
  }

  func run<R>(_ name: String, _ body: () -> R) -> R {
    guard let page, let slot = free.with({ $0.popLast() }) else { return body() }
    page.begin(.init(name: name, started: Clock.monotonic, limit: limit), slot: slot)
    defer {
      page.end(slot: slot)
      free.with { $0.append(slot) }
    }
    return body()
  }
}
