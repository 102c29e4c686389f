import CPluginAPI
import PluginHost

/// A plugin that was started, with the host that it got.
final class StartedPlugin {
  let calls: Calls
  let table: carillon_plugin
  let manifest: PluginManifest
  let host: TestHost

  init(calls: Calls, table: carillon_plugin, manifest: PluginManifest, host: TestHost) {
    (self.calls, self.table, self.manifest, self.host) = (calls, table, manifest, host)
  }

  func start() -> Answer {
    Answer.of("start", calls) { error in table.start(host.pointer, error) }
  }

  func stop() { calls.run("stop") { table.stop() } }

  /// What the plugin answers for an interface id.
  func interface(_ id: String) -> UnsafeRawPointer? {
    calls.run("interface(\"\(id.prefix(40))\")") { id.withCString { table.interface($0) } }
  }

  func eventType() throws(CaseEnd) -> carillon_event_type_1 {
    guard let pointer = interface(CARILLON_EVENT_TYPE_1) else {
      throw .failed("interface answers NULL for \(CARILLON_EVENT_TYPE_1)")
    }
    return Foreign.read(pointer.assumingMemoryBound(to: carillon_event_type_1.self), zero: carillon_event_type_1())
  }

  func sink() throws(CaseEnd) -> carillon_sink_1 {
    guard let pointer = interface(CARILLON_SINK_1) else {
      throw .failed("interface answers NULL for \(CARILLON_SINK_1)")
    }
    return Foreign.read(pointer.assumingMemoryBound(to: carillon_sink_1.self), zero: carillon_sink_1())
  }

  /// The references to secrets that an instance may ask for.
  func allow(_ instance: String, configuration: String) {
    let found = (try? SecretResolver.references(in: configuration)) ?? []
    host.references.with { $0[instance, default: []].formUnion(found) }
  }
}

extension Answer {
  /// Makes a call that takes an error collector.
  static func of(_ name: String, _ calls: Calls, _ body: (OpaquePointer) -> carillon_status) -> Answer {
    let book = ErrorBook()
    let status = calls.run(name) { body(book.pointer()) }
    book.contents.with { $0.isOver = true }
    return Answer(status: status, book: book)
  }
}
