import CivilTime
import ControlAPI
import ControlPlane
import EventModel
import Foundation
import GRPCCore
import GRPCInProcessTransport
import Logging
import Store
import StoreSQL
import StoreSQLite

/// A control plane over a real store, reached through gRPC in the same process.
struct Rig: Sendable {
  typealias Transport = InProcessTransport.Client

  let client: GRPCClient<Transport>
  let store: any Store
  let clock: TestClock
  let plugins: FakePlugins
  let operations: FakeOperations
  let pipeline: FakePipeline
  let observer: CountingObserver
  let log: FakeLog
  let reloader: FakeReloader

  static let parent = "namespaces/test"

  var users: Carillon_V1_Users.Client<Transport> { .init(wrapping: client) }
  var schedules: Carillon_V1_Schedules.Client<Transport> { .init(wrapping: client) }
  var events: Carillon_V1_Events.Client<Transport> { .init(wrapping: client) }
  var queues: Carillon_V1_Queues.Client<Transport> { .init(wrapping: client) }
  var sinks: Carillon_V1_Sinks.Client<Transport> { .init(wrapping: client) }
  var subscriptions: Carillon_V1_Subscriptions.Client<Transport> { .init(wrapping: client) }
  var templates: Carillon_V1_Templates.Client<Transport> { .init(wrapping: client) }
  var deadLetters: Carillon_V1_DeadLetters.Client<Transport> { .init(wrapping: client) }
  var pluginList: Carillon_V1_Plugins.Client<Transport> { .init(wrapping: client) }
  var access: Carillon_V1_AccessControl.Client<Transport> { .init(wrapping: client) }
  var audit: Carillon_V1_Audit.Client<Transport> { .init(wrapping: client) }
  var agents: Carillon_V1_Agents.Client<Transport> { .init(wrapping: client) }
  var health: Grpc_Health_V1_Health.Client<Transport> { .init(wrapping: client) }
  var reflection: Grpc_Reflection_V1_ServerReflection.Client<Transport> { .init(wrapping: client) }
}

/// Runs `body` against a control plane of its own.
/// - Parameter canOperate: whether its agent can change its plugins.
func withRig(
  limits: ControlPlaneLimits = ControlPlaneLimits(), canOperate: Bool = true,
  _ body: @Sendable (Rig) async throws -> Void
) async throws {
  try await withFolder { folder in
    let store = try await SQLiteStore.open(path: folder + "/store.db")
    let clock = TestClock()
    let plugins = FakePlugins()
    let operations = FakeOperations(plugins)
    let pipeline = FakePipeline(store: store, clock: clock)
    let observer = CountingObserver()
    let (log, reloader) = (FakeLog(), FakeReloader())
    let services = ControlPlaneServices(
      store: store, plugins: plugins, operations: canOperate ? operations : nil, pipeline: pipeline,
      zones: SystemZones(try TimeZoneDatabase()), log: log, reloader: reloader, now: { clock.now },
      limits: limits, observer: observer, logger: quiet)
    let transport = InProcessTransport()
    let server = GRPCServer(
      transport: transport.server, services: services.services, interceptors: services.interceptors)
    let client = GRPCClient(transport: transport.client)
    let rig = Rig(
      client: client, store: store, clock: clock, plugins: plugins, operations: operations, pipeline: pipeline,
      observer: observer, log: log, reloader: reloader)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      group.addTask { try await client.runConnections() }
      do {
        try await body(rig)
      } catch {
        services.beginShutdown()
        client.beginGracefulShutdown()
        server.beginGracefulShutdown()
        throw error
      }
      services.beginShutdown()
      client.beginGracefulShutdown()
      server.beginGracefulShutdown()
      try await group.waitForAll()
    }
    await store.close()
  }
}

/// A log that nobody reads.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs `body` with a new private folder, and removes it.
func withFolder(_ body: (String) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cp-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(
    at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder.path)
}
