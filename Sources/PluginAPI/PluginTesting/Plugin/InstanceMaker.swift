import CPluginAPI
import PluginHost

/// Makes instances of either kind, for cases that do not care which.
struct InstanceMaker {
  /// What was made.
  struct Made {
    let destroyed: () -> Void
    func destroy() { destroyed() }
  }

  let plugin: StartedPlugin
  let documents: Documents
  /// One that `create` takes.
  let configuration: String
  let isSink: Bool
  /// Borrowed for every call: so that the process does not grow by what the check itself leaves.
  private let memory: (name: carillon_str, configuration: carillon_str)
  private let book = ErrorBook()
  private let error: OpaquePointer

  /// One for each interface that the plugin provides.
  static func of(_ context: CaseContext) throws(CaseEnd) -> [InstanceMaker] {
    let manifest = try context.manifest()
    var makers: [InstanceMaker] = []
    if manifest.isEventType {
      let type = try context.eventType()
      type.instance.destroy()
      makers.append(InstanceMaker(type.plugin, type.documents, type.configuration, isSink: false))
    }
    if manifest.isSink {
      let sink = try context.sink()
      sink.instance.destroy()
      makers.append(InstanceMaker(sink.plugin, sink.documents, sink.configuration, isSink: true))
    }
    return makers
  }

  private init(_ plugin: StartedPlugin, _ documents: Documents, _ configuration: String, isSink: Bool) {
    (self.plugin, self.documents, self.configuration, self.isSink) = (plugin, documents, configuration, isSink)
    let memory = CallMemory(.plain)
    self.memory = (memory.text("check"), memory.text(configuration))
    error = book.pointer()
  }

  /// Makes an instance.
  func make(_ name: String, _ configuration: String) throws(CaseEnd) -> (answer: Answer, instance: Made?) {
    if name == "check", configuration == self.configuration { return try make(memory.name, memory.configuration) }
    plugin.allow(name, configuration: configuration)
    let memory = CallMemory(.plain)
    return try make(memory.text(name), memory.text(configuration))
  }

  private func make(_ name: carillon_str, _ configuration: carillon_str) throws(CaseEnd) -> (
    answer: Answer, instance: Made?
  ) {
    var instance: OpaquePointer?
    let sink = isSink ? try plugin.sink() : nil
    let type = isSink ? nil : try plugin.eventType()
    book.contents.with { $0 = ErrorBook.Contents() }
    let status = plugin.calls.run("create") {
      sink?.create(name, configuration, &instance, error) ?? type?.create(name, configuration, &instance, error)
        ?? CARILLON_FAILED
    }
    let answer = Answer(status: status, book: book)
    guard answer.isOK, let made = instance else { return (answer, nil) }
    let calls = plugin.calls
    return (answer, Made { calls.run("destroy") { sink.map { $0.destroy(made) } ?? type?.destroy(made) } })
  }
}
