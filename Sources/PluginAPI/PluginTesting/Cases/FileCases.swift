import CPluginAPI
import PluginHost

/// The file, its entry and its manifest. Nothing of the plugin but its constructors and its entry runs.
enum FileCases {
  static let all: [CheckCase] = [
    CheckCase(
      "loads", .plugin, "the library can be loaded with all its symbols resolved, and has the entry",
      rule: "carillon/plugin.h, carillon_plugin_v1",
      advice: "link what is missing, or see that the entry is exported; ldd and nm -D show what there is"
    ) { (context) throws(CaseEnd) in _ = try context.library() },
    CheckCase(
      "exports", .plugin, "carillon_plugin_v1 is the only symbol that it exports",
      rule: "carillon/plugin.h, head of the file",
      advice: "compile with -fvisibility=hidden, or link with a version script", body: exports),
    CheckCase(
      "entry", .plugin, "the entry answers a complete structure of this major version, the same each time",
      rule: "carillon/plugin.h, carillon_plugin",
      advice: "answer the address of one static structure, all of it filled in",
      needs: ["loads"], body: entry),
    CheckCase(
      "manifest", .plugin, "the manifest is valid, and the agent has what it requires",
      rule: "carillon/plugin.h, manifest_json", advice: "mend what is named; docs of the manifest stand in plugin.h",
      needs: ["entry"], body: manifest),
    CheckCase(
      "manifest-static", .plugin, "the manifest is the same bytes at the same place, before and after start",
      rule: "carillon/plugin.h, manifest_json (static)", advice: "make it a constant", needs: ["manifest", "start"],
      body: manifestStatic),
    CheckCase(
      "schemas", .plugin,
      "there is a schema for each document, it refuses what is no object, and its examples keep to it",
      rule: "carillon/plugin.h, schemas", advice: "give a schema with \"type\": \"object\"; mend examples and defaults",
      needs: ["manifest"], body: schemas),
  ]

  @Sendable private static func exports(_ context: CaseContext) throws(CaseEnd) {
    let names = try ExportedSymbols.names(of: context.request.file)
    let others = names.filter { $0 != CARILLON_PLUGIN_SYMBOL }.sorted()
    context.expect(
      others.isEmpty,
      "it exports \(others.count) further symbols: \(others.prefix(8).joined(separator: ", "))\(others.count > 8 ? ", …" : "")"
    )
  }

  @Sendable private static func entry(_ context: CaseContext) throws(CaseEnd) {
    let library = try context.library()
    let pointer = try library.pointer()
    let table = try library.table()
    context.expect(try library.pointer() == pointer, "the entry answered another pointer the second time")
    let full = MemoryLayout<carillon_plugin>.size
    guard table.struct_size >= 8 else { throw .failed("struct_size is \(table.struct_size)") }
    context.expect(
      table.abi_major == CARILLON_ABI_MAJOR,
      "it was built for major version \(table.abi_major) of the ABI, this is \(CARILLON_ABI_MAJOR); build it anew")
    context.expect(table.struct_size >= full, "struct_size is \(table.struct_size); sizeof(carillon_plugin) is \(full)")
    if table.abi_minor == CARILLON_ABI_MINOR {
      context.expect(table.struct_size <= full, "struct_size is \(table.struct_size), beyond the structure's \(full)")
    }
    context.expect(table.flags == 0, "flags is \(table.flags), and must be zero")
    let functions = [
      ("manifest_json", table.manifest_json != nil), ("start", table.start != nil), ("stop", table.stop != nil),
      ("interface", table.interface != nil),
    ]
    for (name, isThere) in functions where !isThere { context.fault("\(name) is NULL") }
  }

  @Sendable private static func manifest(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    context.line("plugin", "\(manifest.id) \(manifest.version)")
    if manifest.isEventType { context.line("kind", CheckCase.Kind.eventType.rawValue) }
    if manifest.isSink { context.line("kind", CheckCase.Kind.sink.rawValue) }
    if manifest.permissions.contains("network") { context.line("network", "") }
    for (name, value) in [("vendor", manifest.vendor), ("license", manifest.license), ("summary", manifest.summary)]
    where value.isEmpty {
      context.warn("\"\(name)\" is empty: people look at it before they install a plugin")
    }
    if manifest.isSink, !manifest.requires.contains(CARILLON_HOST_DELIVERY_1) {
      context.warn("a sink should list \(CARILLON_HOST_DELIVERY_1) in \"requires\"")
    }
  }

  @Sendable private static func manifestStatic(_ context: CaseContext) throws(CaseEnd) {
    let library = try context.library()
    let (first, maximum) = (try library.table(), CheckingParts.maximumManifestBytes)
    let before = try OpenPlugin.manifestBytes(first, atMost: maximum)
    let plugin = try context.start()
    for id in plugin.manifest.provides { _ = plugin.interface(id) }
    let second = try library.table()
    context.expect(first.manifest_json == second.manifest_json, "manifest_json points somewhere else after start")
    let after = try OpenPlugin.manifestBytes(second, atMost: maximum)
    context.expect(before == after, "the manifest's text is another one after start")
  }

  @Sendable private static func schemas(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    var all = [("configuration", manifest.configuration, manifest.configurationSchemaJSON)]
    if manifest.isEventType { all.append(("definition", manifest.definition, manifest.definitionSchemaJSON)) }
    for (name, schema, text) in all {
      if text == "{}" {
        context.warn("there is no schema for the \(name): the agent cannot check it, nor show what is allowed")
        continue
      }
      let wrong: [JSONValue] = [.null, .bool(true), .integer(1), .string("text"), .array([])]
      for value in wrong where schema.violations(in: value).isEmpty {
        context.fault("the schema of the \(name) allows \(CheckingParts.text(value)), which is no object")
      }
      guard case .object(let object) = try? CheckingParts.parse(text) else { continue }
      SchemaExamples.check(object, name, schema, context)
    }
  }
}
