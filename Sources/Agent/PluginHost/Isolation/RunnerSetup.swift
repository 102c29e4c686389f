import CPluginAPI
import RunnerProtocol
import SwiftProtobuf

/// The first words between the agent and a runner.
enum RunnerSetup {
  /// How the runner shuts itself in for a plugin: nothing but what its manifest asks for.
  /// - Parameter manifest: nil for a look at a plugin that is not known yet: it may do nothing.
  static func message(
    _ manifest: PluginManifest?, _ options: IsolationOptions, _ desk: RunnerDesk
  ) -> Carillon_Runner_V1_Setup {
    let permissions = manifest?.permissions ?? []
    return .with {
      $0.name = manifest?.name ?? ""
      $0.memoryBytes = options.memoryBytes
      $0.openFiles = options.openFiles
      $0.processes = options.processes
      $0.fileBytes = options.fileBytes
      $0.changeUser = options.user != nil
      $0.user = options.user?.user ?? 0
      $0.group = options.user?.group ?? 0
      $0.network = permissions.contains("network")
      $0.exec = permissions.contains("exec")
      $0.files = permissions.contains("files")
      $0.logLevel = LogInterface.lowest(desk.log)
      $0.interfaces = HostContext.interfaces
      $0.abiMinor = CARILLON_ABI_MINOR
    }
  }

  /// The manifest that a plugin answered.
  /// - Throws: why it was not loaded.
  static func manifest(
    _ loaded: Carillon_Runner_V1_Loaded, _ image: PluginImage
  ) throws(PluginHostError) -> String {
    if loaded.hasFault {
      throw PluginHostError(.notLoadable, "\(image.file) cannot be loaded: \(loaded.fault.text)")
    }
    try PluginTable.check(image.file, structSize: loaded.structSize, major: loaded.abiMajor)
    guard loaded.missing.isEmpty else {
      throw PluginHostError(
        .malformedPlugin, "\(image.file): manifest_json, start, stop and interface must not be NULL")
    }
    guard loaded.manifest.count <= PluginManifest.maximumBytes,
      let text = String(validating: loaded.manifest, as: UTF8.self)
    else {
      throw PluginHostError(
        .malformedPlugin,
        "\(image.file): the manifest is no UTF-8, or longer than \(PluginManifest.maximumBytes) bytes")
    }
    return text
  }

  /// Looks at a plugin that has no note: loads it in a process that may do nothing, which ends at once.
  static func probe(
    _ image: PluginImage, _ options: IsolationOptions, _ desk: RunnerDesk, until: Int64
  ) throws(PluginHostError) -> PluginManifest {
    let process = try RunnerProcess(image, options: options, generation: 0, output: desk.log)
    try process.run(desk) { _ in }
    defer { process.end("it was looked at only") }
    let loaded = try process.setUp(message(nil, options, desk), until: until)
    return try PluginManifest.read(try manifest(loaded, image), of: image)
  }
}

/// The interfaces that an isolated plugin answered.
struct RemoteTables: Hashable, Sendable {
  /// The sink's thread model; nil when it is none.
  var sink: UInt32?
  /// The event type's thread model; nil when it is none.
  var eventType: UInt32?

  init(
    _ tables: Carillon_Runner_V1_Tables, _ manifest: PluginManifest, _ file: String
  ) throws(PluginHostError) {
    sink = manifest.isSink ? try Self.threadModel(tables, CARILLON_SINK_1, file) : nil
    eventType = manifest.isEventType ? try Self.threadModel(tables, CARILLON_EVENT_TYPE_1, file) : nil
  }

  private static func threadModel(
    _ tables: Carillon_Runner_V1_Tables, _ id: String, _ file: String
  ) throws(PluginHostError) -> UInt32 {
    guard let table = tables.tables.first(where: { $0.id == id }), table.structSize > 0 else {
      throw PluginHostError(
        .malformedPlugin, "\(file): the manifest provides \(id), but the plugin answers NULL for it")
    }
    guard table.missing.isEmpty else {
      throw PluginHostError(
        .malformedPlugin,
        "\(file): \(id) lacks \(table.missing.joined(separator: ", ")): NULL, or beyond its struct_size")
    }
    return table.threadModel
  }
}
