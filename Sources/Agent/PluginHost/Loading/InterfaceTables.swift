import CPluginAPI

/// The tables that a started plugin answered, complete.
struct InterfaceTables: @unchecked Sendable {
  // Unchecked: C function pointers, which any thread may call within the contract that the adapters keep.
  let eventType: carillon_event_type_1?
  let sink: carillon_sink_1?

  /// Asks a started plugin for what its manifest promises.
  /// - Throws: `.malformedPlugin`, naming the table or the function that is missing.
  init(_ library: PluginLibrary) throws(PluginHostError) {
    let manifest = library.manifest
    eventType = manifest.isEventType ? try Self.table(library, CARILLON_EVENT_TYPE_1) : nil
    sink = manifest.isSink ? try Self.table(library, CARILLON_SINK_1) : nil
    if let table = eventType {
      try Self.require(
        library, CARILLON_EVENT_TYPE_1,
        [
          ("create", table.create != nil), ("validate", table.validate != nil), ("next", table.next != nil),
          ("render", table.render != nil), ("destroy", table.destroy != nil),
        ])
    }
    if let table = sink {
      try Self.require(
        library, CARILLON_SINK_1,
        [
          ("create", table.create != nil), ("activate", table.activate != nil), ("deliver", table.deliver != nil),
          ("cancel", table.cancel != nil), ("drain", table.drain != nil), ("deactivate", table.deactivate != nil),
          ("destroy", table.destroy != nil),
        ])
    }
  }

  private static func table<T: SizedStructure & BitwiseCopyable>(_ library: PluginLibrary, _ id: String)
    throws(PluginHostError) -> T
  {
    guard let pointer = id.withCString({ library.table.interface($0) }) else {
      throw PluginHostError(
        .malformedPlugin, "\(library.file): the manifest provides \(id), but the plugin answers NULL for it")
    }
    return T.read(pointer.assumingMemoryBound(to: T.self))
  }

  private static func require(
    _ library: PluginLibrary, _ id: String, _ functions: [(name: String, isThere: Bool)]
  ) throws(PluginHostError) {
    let missing = functions.filter { !$0.isThere }.map(\.name)
    guard missing.isEmpty else {
      throw PluginHostError(
        .malformedPlugin,
        "\(library.file): \(id) lacks \(missing.joined(separator: ", ")): NULL, or beyond its struct_size")
    }
  }
}
