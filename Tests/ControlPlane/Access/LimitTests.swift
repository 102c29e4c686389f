import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOCore
import Store
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct LimitTests {
  /// A clock that stands until it is moved.
  final class Standing: Sendable {
    private let state = Mutex(Duration.zero)
    var now: @Sendable () -> Duration { { self.state.withLock { $0 } } }
    func advance(by span: Duration) { state.withLock { $0 += span } }
  }

  @Test func aClientHasSoManyCallsAtOnceAndAsManyAgainOverTheTime() throws {
    let clock = Standing()
    let limiter = RateLimiter(RequestLimit(count: 10, per: .seconds(100)), maximumClients: 5, uptime: clock.now)
    for _ in 0..<10 { #expect(limiter.take("a") == nil) }
    let wait = try #require(limiter.take("a"))
    #expect(wait > .seconds(9.9) && wait <= .seconds(10))
    #expect(limiter.take("b") == nil)
    clock.advance(by: .seconds(9))
    #expect(limiter.take("a") != nil)
    clock.advance(by: .seconds(2))
    #expect(limiter.take("a") == nil && limiter.take("a") != nil)
    clock.advance(by: .seconds(1_000))
    for _ in 0..<10 { #expect(limiter.take("a") == nil) }
    #expect(limiter.take("a") != nil)
  }

  @Test func clientsBeyondTheTableShareOneLimitAndDriveNobodyOut() {
    let clock = Standing()
    let limiter = RateLimiter(RequestLimit(count: 2, per: .seconds(100)), maximumClients: 3, uptime: clock.now)
    for client in ["a", "b", "c"] { for _ in 0..<2 { #expect(limiter.take(client) == nil) } }
    let answers = (0..<100).map { limiter.take("new-\($0)") == nil }
    #expect(answers.filter { $0 }.count == 2)
    #expect(limiter.clients == 3 && limiter.take("a") != nil)
    // Whose limit is whole again has no need of a place.
    clock.advance(by: .seconds(200))
    #expect(limiter.take("new-1") == nil && limiter.clients == 1)
  }

  static func retryDelay(_ error: RPCError?) throws -> Duration? {
    try error?.unpackGoogleRPCStatus()?.details.compactMap(\.retryInfo).first?.delay
  }

  @Test func aCallerBeyondItsLimitIsToldWhenToComeBack() async throws {
    var limits = TLSRig.limits
    limits.requests = RequestLimit(count: 5, per: .seconds(300))
    try await withTLSRig(limits: limits, admins: ["spiffe://tests/admin"]) { rig in
      let identity = try rig.authority.issue(spiffe: "admin")
      try await rig.withClient(identity) { client in
        let access = Carillon_V1_AccessControl.Client(wrapping: client)
        for _ in 0..<5 { _ = try await access.getCaller(.init()) }
        let error = await #expect(throws: RPCError.self) { _ = try await access.getCaller(.init()) }
        #expect(error?.code == .resourceExhausted)
        let delay = try #require(try Self.retryDelay(error))
        #expect(delay > .seconds(50) && delay <= .seconds(60))
      }
      // This machine's own callers have no limit of calls.
      try await rig.withPlaintextClient(.unixDomainSocket(path: rig.socket)) { local in
        for _ in 0..<20 { _ = try await Carillon_V1_AccessControl.Client(wrapping: local).getCaller(.init()) }
      }
    }
  }

  /// Another address would be another limit; the token's goes with it wherever it is used.
  @Test func aTokensLimitHoldsInPlaintextToo() async throws {
    var limits = TLSRig.limits
    limits.requests = RequestLimit(count: 5, per: .seconds(300))
    try await withTLSRig(limits: limits) { rig in
      let metadata = TLSRig.bearer(try await rig.token("t", .viewer))
      try await rig.withPlaintextClient(.ipv4(address: "127.0.0.1", port: rig.loopbackPort)) { client in
        let access = Carillon_V1_AccessControl.Client(wrapping: client)
        for _ in 0..<5 { #expect(try await access.getCaller(.init(), metadata: metadata).identity == "token:t") }
        try await refused(.resourceExhausted) { try await access.getCaller(.init(), metadata: metadata) }
        #expect(try await access.getCaller(.init()).identity == "loopback")
      }
    }
  }

  @Test func badCredentialsAreLimitedByAddressAndDoNotShutOutTheGood() async throws {
    var limits = TLSRig.limits
    limits.failedCredentials = RequestLimit(count: 3, per: .seconds(300))
    try await withTLSRig(limits: limits) { rig in
      let good = TLSRig.bearer(try await rig.token("good", .viewer))
      let bad = TLSRig.bearer(TokenSecret.make(id: "good"))
      try await rig.withClient { client in
        let access = Carillon_V1_AccessControl.Client(wrapping: client)
        for _ in 0..<3 { try await refused(.unauthenticated) { try await access.getCaller(.init(), metadata: bad) } }
        for _ in 0..<3 { try await refused(.resourceExhausted) { try await access.getCaller(.init(), metadata: bad) } }
        #expect(try await access.getCaller(.init(), metadata: good).identity == "token:good")
      }
      let counts = rig.observer.counts
      #expect(counts.refused == 6 && counts.limited == ["failures": 3])
    }
  }

  @Test func theAnswerToBadCredentialsIsHeldBack() async throws {
    var limits = TLSRig.limits
    limits.failureDelay = .milliseconds(300)
    try await withTLSRig(limits: limits) { rig in
      try await rig.withClient { client in
        let began = ContinuousClock.now
        try await refused(.unauthenticated) {
          try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init())
        }
        #expect(ContinuousClock.now - began >= .milliseconds(300))
      }
    }
  }

  @Test(.timeLimit(.minutes(5))) func anAddressHasSoManyConnections() async throws {
    var limits = TLSRig.limits
    limits.maximumConnectionsByAddress = 1
    try await withTLSRig(limits: limits, admins: ["spiffe://tests/admin"]) { rig in
      let identity = try rig.authority.issue(spiffe: "admin")
      try await rig.withClient(identity) { first in
        _ = try await Carillon_V1_AccessControl.Client(wrapping: first).getCaller(.init())
        await #expect(throws: RPCError.self) {
          try await rig.withClient(identity) { second in
            var options = CallOptions.defaults
            options.timeout = .seconds(5)
            _ = try await Carillon_V1_AccessControl.Client(wrapping: second).getCaller(.init(), options: options)
          }
        }
        _ = try await Carillon_V1_AccessControl.Client(wrapping: first).getCaller(.init())
      }
    }
  }

  @Test(.timeLimit(.minutes(5))) func whoDoesNotShakeHandsIsCutOff() async throws {
    var limits = TLSRig.limits
    limits.handshakeDeadline = .milliseconds(100)
    try await withTLSRig(limits: limits) { rig in
      let script = """
        import socket, sys
        peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        peer.settimeout(20)
        print("closed" if peer.recv(1) == b"" else "open", end="")
        """
      let answer = try await run("/usr/bin/env", ["python3", "-c", script, String(rig.port)])
      #expect(answer.output == "closed")
      while rig.services.gatekeeper.connections.count > 0 { await Task.yield() }
    }
  }

  @Test(.timeLimit(.minutes(5))) func aConnectionWithoutCallsIsClosed() async throws {
    var limits = TLSRig.limits
    limits.maximumIdle = .milliseconds(100)
    try await withTLSRig(limits: limits, admins: ["spiffe://tests/admin"]) { rig in
      try await rig.withClient(try rig.authority.issue(spiffe: "admin")) { client in
        try await Self.callUntilAnswered(client)
        while rig.services.gatekeeper.connections.count > 0 { await Task.yield() }
        // A new one is made by itself.
        try await Self.callUntilAnswered(client)
      }
    }
  }

  /// A connection may be closed before its first call, too, and gRPC then says that there is none.
  private static func callUntilAnswered(_ client: TLSRig.Client) async throws {
    while true {
      do {
        _ = try await Carillon_V1_AccessControl.Client(wrapping: client).getCaller(.init())
        return
      } catch let error as RPCError where error.code == .unavailable {
        await Task.yield()
      }
    }
  }

  static let addresses: [(String, String)] = [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"), ("::1", "0:0:0:0::/64"),
  ]

  @Test(arguments: addresses) func anIPv6CallerIsItsNetwork(_ text: String, _ expected: String) throws {
    let address = try SocketAddress(ipAddress: text, port: 1)
    #expect(AgentListener.limitAddress(address) == expected)
    #expect(AgentListener.limitAddress(nil).isEmpty)
  }
}
