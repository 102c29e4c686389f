import CPluginAPI
import PluginHost

/// `start`, `interface`, and hosts that are newer, older or have less.
enum StartCases {
  static let all: [CheckCase] = [
    CheckCase(
      "start", .plugin, "start keeps the host and answers OK; nothing waits, and no thread begins yet",
      rule: "carillon/plugin.h, start", advice: "return an error only when the plugin cannot work here at all",
      needs: ["manifest"]
    ) { (context) throws(CaseEnd) in
      let before = ProcessState.threads
      let plugin = try context.start()
      let after = ProcessState.threads
      if after > before {
        context.warn(
          "start began \(after - before) threads; begin them in activate, so that an idle plugin costs nothing")
      }
      plugin.stop()
    },
    CheckCase(
      "interfaces", .plugin, "every interface in provides is answered complete, and NULL for any other id",
      rule: "carillon/plugin.h, interface", advice: "compare the whole id, and fill in every function of the table",
      needs: ["start"], body: interfaces),
    CheckCase(
      "newer-host", .plugin, "it works with a host whose structures are longer and whose minor version is higher",
      rule: "carillon/base.h, struct_size", advice: "never refuse a struct_size that is larger, or a higher abi_minor",
      needs: WorkCases.needs
    ) { (context) throws(CaseEnd) in try WorkCases.work(context, .newer, shape: .newer) },
    CheckCase(
      "older-host", .plugin, "it reads no field that an older host's structures do not have",
      rule: "carillon/base.h, struct_size; carillon/event_type.h, templates_json",
      advice: "look at struct_size before you read a field that came with a later minor version",
      needs: WorkCases.needs + ["bounds"]
    ) { (context) throws(CaseEnd) in
      try WorkCases.work(context, .init(abiMinor: 0), shape: .older, mode: .guarded)
    },
    CheckCase(
      "optional-interfaces", .plugin, "it works when the host has only the interfaces that the manifest requires",
      rule: "carillon/plugin.h, requires; carillon/host.h, interface",
      advice: "list in \"requires\" what you cannot work without, and look for NULL before you use any other",
      needs: WorkCases.needs
    ) { (context) throws(CaseEnd) in
      let offered = Set(try context.manifest().requires)
      try WorkCases.work(context, .init(offered: offered))
    },
  ]

  @Sendable private static func interfaces(_ context: CaseContext) throws(CaseEnd) {
    let plugin = try context.start()
    var unknown = [
      "", "carillon.tea/1", "carillon.sink", "carillon.sink/", "carillon.sink/10", "carillon.event-type/2",
    ]
    unknown.append(String(repeating: "x", count: 100_000))
    for id in unknown where plugin.interface(id) != nil {
      context.fault("interface answers a table for \"\(id.prefix(40))\", which nobody knows")
    }
    let known = [CARILLON_EVENT_TYPE_1, CARILLON_SINK_1]
    for id in known where !plugin.manifest.provides.contains(id) && plugin.interface(id) != nil {
      context.warn("interface answers a table for \(id), which \"provides\" does not list")
    }
    for id in plugin.manifest.provides where known.contains(id) {
      guard let pointer = plugin.interface(id) else {
        context.fault("\"provides\" lists \(id), but interface answers NULL for it")
        continue
      }
      context.expect(plugin.interface(id) == pointer, "interface answers another table for \(id) the second time")
      let missing = id == CARILLON_SINK_1 ? missingOfSink(try plugin.sink()) : missingOfType(try plugin.eventType())
      context.expect(
        missing.isEmpty, "\(id) lacks \(missing.joined(separator: ", ")): NULL, or beyond the table's struct_size")
      let model = pointer.load(fromByteOffset: 4, as: UInt32.self)
      context.expect(model <= CARILLON_PARALLEL, "\(id) has the thread_model \(model), which does not exist")
    }
  }

  private static func missingOfSink(_ table: carillon_sink_1) -> [String] {
    [
      ("create", table.create != nil), ("activate", table.activate != nil), ("deliver", table.deliver != nil),
      ("cancel", table.cancel != nil), ("drain", table.drain != nil), ("deactivate", table.deactivate != nil),
      ("destroy", table.destroy != nil),
    ].filter { !$0.1 }.map(\.0)
  }

  private static func missingOfType(_ table: carillon_event_type_1) -> [String] {
    [
      ("create", table.create != nil), ("validate", table.validate != nil), ("next", table.next != nil),
      ("render", table.render != nil), ("destroy", table.destroy != nil),
    ].filter { !$0.1 }.map(\.0)
  }
}
