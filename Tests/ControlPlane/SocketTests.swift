import CivilTime
import ControlAPI
import ControlPlane
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import ServiceLifecycle
import Store
import StoreSQL
import StoreSQLite
import SwiftProtobuf
import Testing

@Suite struct SocketTests {
  static func server(
    _ folder: String, socket: String?, port: Int? = nil, limits: ControlPlaneLimits = ControlPlaneLimits(),
    observer: CountingObserver = CountingObserver(), logger: Logger = quiet
  ) async throws -> (ControlPlaneServer, SQLiteStore) {
    let store = try await SQLiteStore.open(path: folder + "/store-\(UUID().uuidString).db")
    let clock = TestClock()
    let services = ControlPlaneServices(
      store: store, plugins: FakePlugins(), pipeline: FakePipeline(store: store, clock: clock),
      zones: SystemZones(try TimeZoneDatabase()), now: { clock.now }, limits: limits, observer: observer, logger: logger
    )
    let server = ControlPlaneServer(
      listeners: ControlPlaneListeners(socketPath: socket, plaintextLoopbackPort: port), services: services,
      limits: limits, logger: logger)
    return (server, store)
  }

  static func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// Serves while `body` runs, then shuts down gracefully.
  static func serving(
    _ server: ControlPlaneServer, _ body: @Sendable () async throws -> Void
  ) async throws {
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: server)], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      do {
        try await body()
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  static func listPlugins(_ target: any ResolvableTarget) async throws -> [Carillon_V1_Plugin] {
    try await withGRPCClient(transport: try .http2NIOPosix(target: target, transportSecurity: .plaintext)) { client in
      try await Carillon_V1_Plugins.Client(wrapping: client).listPlugins(.init()).plugins
    }
  }

  @Test func aPrivateSocketServesAndIsGoneAfterwards() async throws {
    try await withFolder { folder in
      let socket = folder + "/run/agent.sock"
      let (server, store) = try await Self.server(folder, socket: socket)
      try await Self.serving(server) {
        try server.listen()
        #expect(try Self.mode(socket) == 0o600)
        #expect(try Self.mode(folder + "/run") == 0o700)
        let plugins = try await Self.listPlugins(.unixDomainSocket(path: socket))
        #expect(plugins.count == 5)
      }
      #expect(!FileManager.default.fileExists(atPath: socket))
      await store.close()
    }
  }

  @Test func aSecondAgentIsRefusedAndTheFirstGoesOn() async throws {
    try await withFolder { folder in
      let socket = folder + "/agent.sock"
      let (first, firstStore) = try await Self.server(folder, socket: socket)
      let (second, secondStore) = try await Self.server(folder, socket: socket)
      try first.listen()
      try await Self.serving(first) {
        let error = #expect(throws: ControlPlaneError.self) { try second.listen() }
        #expect(error?.code == .inUse)
        #expect(error?.message.contains(socket) == true)
        await #expect(throws: ControlPlaneError.self) { try await second.run() }
        let plugins = try await Self.listPlugins(.unixDomainSocket(path: socket))
        #expect(plugins.count == 5)
      }
      try second.listen()
      try await Self.serving(second) {
        let plugins = try await Self.listPlugins(.unixDomainSocket(path: socket))
        #expect(plugins.count == 5)
      }
      await firstStore.close()
      await secondStore.close()
    }
  }

  @Test func aSocketThatADeadAgentLeftIsTakenOver() async throws {
    try await withFolder { folder in
      let socket = folder + "/agent.sock"
      // Bound and closed without unlinking, as a killed process leaves it.
      let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
      let bound = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(bound == 0)
      close(descriptor)
      let (server, store) = try await Self.server(folder, socket: socket)
      try await Self.serving(server) {
        try server.listen()
        let plugins = try await Self.listPlugins(.unixDomainSocket(path: socket))
        #expect(plugins.count == 5)
      }
      await store.close()
    }
  }

  @Test func whatIsNoSocketIsLeftAlone() async throws {
    try await withFolder { folder in
      let path = folder + "/agent.sock"
      #expect(FileManager.default.createFile(atPath: path, contents: Data("mine".utf8)))
      let (server, store) = try await Self.server(folder, socket: path)
      let error = #expect(throws: ControlPlaneError.self) { try server.listen() }
      #expect(error?.code == .invalidConfiguration)
      #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
      await store.close()
    }
  }

  @Test func aFolderThatOthersMayWriteToIsRefused() async throws {
    try await withFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
      let (server, store) = try await Self.server(folder, socket: folder + "/agent.sock")
      let error = #expect(throws: ControlPlaneError.self) { try server.listen() }
      #expect(error?.code == .unsafeFolder)
      await store.close()
    }
  }

  @Test(arguments: ["relative.sock", "/tmp/" + String(repeating: "x", count: 120), ""])
  func aPathThatCannotBeASocketIsRefused(_ path: String) async throws {
    try await withFolder { folder in
      let (server, store) = try await Self.server(folder, socket: path)
      let error = #expect(throws: ControlPlaneError.self) { try server.listen() }
      #expect(error?.code == .invalidConfiguration)
      await store.close()
    }
  }

  @Test func theLoopbackPortServesWhenItIsAskedFor() async throws {
    try await withFolder { folder in
      let (server, store) = try await Self.server(folder, socket: nil, port: 0)
      try await Self.serving(server) {
        var port: Int?
        while port == nil {
          port = try await server.loopbackPort()
          await Task.yield()
        }
        #expect(try await Self.listPlugins(.ipv4(address: "127.0.0.1", port: try #require(port))).count == 5)
      }
      await store.close()
    }
  }

  @Test func aPortInUseIsToldAndTheSocketIsLetGo() async throws {
    try await withFolder { folder in
      let (first, firstStore) = try await Self.server(folder, socket: nil, port: 0)
      try await Self.serving(first) {
        var port: Int?
        while port == nil {
          port = try await first.loopbackPort()
          await Task.yield()
        }
        let socket = folder + "/agent.sock"
        let (second, secondStore) = try await Self.server(folder, socket: socket, port: port)
        let error = await #expect(throws: ControlPlaneError.self) { try await second.run() }
        #expect(error?.code == .serverFailed)
        #expect(!FileManager.default.fileExists(atPath: socket))
        await secondStore.close()
      }
      await firstStore.close()
    }
  }

  @Test func anOpenWatchEndsWhenTheServerStops() async throws {
    try await withFolder { folder in
      var limits = ControlPlaneLimits()
      limits.watchPause = .milliseconds(5)
      let socket = folder + "/agent.sock"
      let (server, store) = try await Self.server(folder, socket: socket, limits: limits)
      try server.listen()
      try await withThrowingTaskGroup(of: Void.self) { group in
        let services = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: quiet))
        group.addTask { try await services.run() }
        let refusal = try await refused(.unavailable) {
          try await withGRPCClient(
            transport: try .http2NIOPosix(
              target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
          ) { client in
            try await Carillon_V1_Events.Client(wrapping: client).watchReceipts(
              .with { $0.parent = Rig.parent }
            ) { response in
              for try await _ in response.messages { await services.triggerGracefulShutdown() }
            }
          }
        }
        #expect(refusal.reason == "SHUTTING_DOWN")
        try await group.waitForAll()
      }
      await store.close()
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func aCallThatNeverEndsIsCutOffAfterTheGrace() async throws {
    try await withFolder { folder in
      var limits = ControlPlaneLimits()
      limits.shutdownGrace = .milliseconds(50)
      let socket = folder + "/agent.sock"
      let (server, store) = try await Self.server(folder, socket: socket, limits: limits)
      try server.listen()
      try await withThrowingTaskGroup(of: Void.self) { group in
        let services = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: quiet))
        group.addTask { try await services.run() }
        await #expect(throws: (any Error).self) {
          try await withGRPCClient(
            transport: try .http2NIOPosix(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
          ) { client in
            try await Carillon_V1_Users.Client(wrapping: client).importUsers { writer in
              try await writer.write(.with { $0.parent = Rig.parent })
              try await Task.sleep(for: .seconds(3_600))
            } onResponse: { response in
              for try await _ in response.messages { await services.triggerGracefulShutdown() }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(!FileManager.default.fileExists(atPath: socket))
      await store.close()
    }
  }

  @Test func aWatcherThatGoesIsNoError() async throws {
    try await withFolder { folder in
      var limits = ControlPlaneLimits()
      limits.watchPause = .milliseconds(5)
      limits.watchHeartbeat = .milliseconds(5)
      let socket = folder + "/agent.sock"
      let observer = CountingObserver()
      let log = MemoryLog()
      let (server, store) = try await Self.server(
        folder, socket: socket, limits: limits, observer: observer, logger: Logger(label: "test") { _ in log })
      try server.listen()
      try await Self.serving(server) {
        try await withGRPCClient(
          transport: try .http2NIOPosix(target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
        ) { client in
          try await Carillon_V1_Events.Client(wrapping: client).watchReceipts(
            .with { $0.parent = Rig.parent }
          ) { response in
            for try await _ in response.messages { break }
          }
        }
        while observer.counts.isEmpty { await Task.yield() }
        #expect(observer.counts == ["carillon.v1.Events/WatchReceipts CANCELLED": 1])
        #expect(log.lines.contains { $0.contains("WatchReceipts") && $0.contains("peer=unix") })
        #expect(!log.lines.contains { $0.hasPrefix("error") })
      }
      await store.close()
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can be another user"), arguments: [(UInt32(0), true), (65_534, false)])
  func onlyTheAgentsUserAndRootAreServed(_ user: UInt32, _ isServed: Bool) async throws {
    try await withFolder { folder in
      let socket = folder + "/agent.sock"
      let (server, store) = try await Self.server(folder, socket: socket)
      try server.listen()
      // As if somebody had changed the modes by hand.
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
      try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: socket)
      try await Self.serving(server) {
        let answer = try await Self.knock(socket, as: user)
        #expect(answer == (isServed ? "served" : "closed"))
        let plugins = try await Self.listPlugins(.unixDomainSocket(path: socket))
        #expect(plugins.count == 5)
      }
      await store.close()
    }
  }

  /// Begins an HTTP/2 connection as another user; the server answers it with its settings, or closes it.
  private static func knock(_ path: String, as user: UInt32) async throws -> String {
    let script = """
      import os, socket, sys
      os.setuid(int(sys.argv[2]))
      peer = socket.socket(socket.AF_UNIX)
      peer.settimeout(20)
      peer.connect(sys.argv[1])
      try:
          peer.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
          print("served" if peer.recv(100) else "closed", end="")
      except (BrokenPipeError, ConnectionResetError):
          print("closed", end="")
      """
    return try await run("/usr/bin/env", ["python3", "-c", script, path, String(user)]).output
  }

  @Test func aMessageTooLargeIsRefused() async throws {
    try await withFolder { folder in
      let socket = folder + "/agent.sock"
      var limits = ControlPlaneLimits()
      limits.maximumMessageBytes = 10_000
      let (server, store) = try await Self.server(folder, socket: socket, limits: limits)
      try server.listen()
      try await Self.serving(server) {
        var request = Sample.createUser("ada")
        request.user.nickname = String(repeating: "n", count: 20_000)
        let tooLarge = request
        let error = await #expect(throws: RPCError.self) {
          try await withGRPCClient(
            transport: try .http2NIOPosix(
              target: .unixDomainSocket(path: socket), transportSecurity: .plaintext)
          ) { client in
            _ = try await Carillon_V1_Users.Client(wrapping: client).createUser(tooLarge)
          }
        }
        #expect(error != nil)
        let left = try await store.users(namespace: "test", page: .init(size: 10)).items
        #expect(left.isEmpty)
      }
      await store.close()
    }
  }
}
