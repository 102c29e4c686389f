import ControlAPI
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import SwiftProtobuf
import Synchronization
import Testing

@testable import CtlKit

/// An agent that keeps resources in memory and answers on a real socket.
final class FakeAgent: Sendable {
  struct State {
    var users: [String: Carillon_V1_User] = [:]
    var schedules: [String: Carillon_V1_Schedule] = [:]
    var events: [String: Carillon_V1_Event] = [:]
    var sinks: [String: Carillon_V1_Sink] = [:]
    var subscriptions: [String: Carillon_V1_Subscription] = [:]
    var queues: [String: Carillon_V1_Queue] = [:]
    var plugins: [Carillon_V1_Plugin] = []
    /// Each look at a plugin moves its trial to the next of these.
    var trials: [Carillon_V1_PluginTrial] = []
    /// The newest first.
    var pluginLogs: [Carillon_V1_PluginLogLine] = []
    /// What each watch of a plugin's log answers, and then breaks; the last one goes on.
    var logWatches: [[Carillon_V1_WatchPluginLogsResponse]] = []
    var templates: [String: Carillon_V1_Template] = [:]
    /// The newest first.
    var deadLetters: [Carillon_V1_DeadLetter] = []
    /// Dead letters whose replay is refused, by name.
    var stuckLetters: Set<String> = []
    /// What is coming, of all schedules, by due time; exceptions are applied when it is asked for.
    var upcoming: [Carillon_V1_Upcoming] = [.adaInJune]
    var changes: [Carillon_V1_WatchChangesResponse] = []
    /// After so many answers the next watch breaks.
    var changesBreakAfter: Int?
    var replans: [Carillon_V1_ReplanSchedulesResponse] = []
    /// Keys of occurrences whose send has begun.
    var begunKeys: Set<String> = []
    /// What is kept about a user besides itself, and what erasing it answers.
    var records: [Carillon_V1_ExportUserResponse] = []
    var erasure = Carillon_V1_EraseUserResponse()
    /// Why nothing can be worded.
    var wordingProblem = ""
    var steps: [Carillon_V1_Step] = []
    var status = Carillon_V1_AgentStatus()
    /// Agents beside the one that answers.
    var others: [Carillon_V1_Agent] = []
    var shards: [Carillon_V1_Shard] = []
    var findings: [Carillon_V1_Finding] = []
    var ledger = Carillon_V1_VerifyLedgerResponse()
    var receipts: [Carillon_V1_WatchReceiptsResponse] = []
    /// Every request, in order.
    var requests: [any Message & Sendable] = []
    /// What the next call fails with.
    var failure: GoogleRPCStatus?
    /// Users whose import is refused, by id.
    var refusedUsers: Set<String> = []
    /// Each get of an event moves it to the next of these.
    var eventStates: [Carillon_V1_Event.State] = []
    var revision = 0
    var caller = Carillon_V1_Caller()
    var tokens: [String: Carillon_V1_Token] = [:]
    var grants: [String: Carillon_V1_Grant] = [:]
    var denials: [String: Carillon_V1_Denial] = [:]
    var authority: TestAuthority?
    /// The newest first.
    var auditRecords: [Carillon_V1_AuditRecord] = []
    var chains: [Carillon_V1_VerifyAuditResponse.Chain] = []
    /// What a bulk change tells of its progress.
    var progress: [Carillon_V1_BulkProgress] = []
    /// A bulk replay ends before it is done.
    var endsEarly = false
    var queueChanges: [Carillon_V1_WatchQueuesResponse] = []
    /// Plugins that are gone, each told in an answer of its own.
    var removedPlugins: [String] = []
    /// After so many answers the next watch of queues or receipts breaks.
    var watchBreaksAfter: Int?
    /// Watches go on until the client ends them, as an agent's do.
    var watchesStayOpen = false
    /// What is in flight of a drain at each look at it; it ends with the last.
    var drainSteps: [Int64] = []
    var statistics = Carillon_V1_Statistics()
    var logs: [Carillon_V1_ReadLogsResponse] = []
    var reload = Carillon_V1_ReloadConfigurationResponse()
    /// What calls showed as `authorization`.
    var credentials: [String] = []
  }

  let state = Mutex(State())

  /// Runs a server on a Unix socket for as long as `body` runs.
  static func serve(_ body: (FakeAgent, CtlRunner) async throws -> Void) async throws {
    let path = "/tmp/ctl-\(UUID().uuidString.prefix(13)).sock"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await serve(on: .unixDomainSocket(path: path), .plaintext) { agent, _ in
      try await body(agent, CtlRunner(socket: path))
    }
  }

  /// Runs a server with TLS on a port of its own, which `body` is told.
  static func serve(
    tls: HTTP2ServerTransport.Posix.TransportSecurity, _ body: (FakeAgent, Int) async throws -> Void
  ) async throws {
    try await serve(on: .ipv4(host: "127.0.0.1", port: 0), tls) { agent, address in
      try await body(agent, try #require(address.ipv4?.port))
    }
  }

  private static func serve(
    on address: GRPCNIOTransportHTTP2Posix.SocketAddress, _ security: HTTP2ServerTransport.Posix.TransportSecurity,
    _ body: (FakeAgent, GRPCNIOTransportHTTP2Posix.SocketAddress) async throws -> Void
  ) async throws {
    // The agents of one test share a place: else tests with one each would wait for each other's second for ever.
    guard !Places.isHeld else { return try await run(on: address, security, body) }
    await Places.shared.take()
    defer { Task { await Places.shared.giveBack() } }
    try await Places.$isHeld.withValue(true) { try await run(on: address, security, body) }
  }

  private static func run(
    on address: GRPCNIOTransportHTTP2Posix.SocketAddress, _ security: HTTP2ServerTransport.Posix.TransportSecurity,
    _ body: (FakeAgent, GRPCNIOTransportHTTP2Posix.SocketAddress) async throws -> Void
  ) async throws {
    let agent = FakeAgent()
    let server = GRPCServer(
      transport: .http2NIOPosix(address: address, transportSecurity: security), services: services(agent),
      interceptors: [CredentialNote(agent: agent)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      guard let bound = try await server.listeningAddress else { return }
      try await body(agent, bound)
      server.beginGracefulShutdown()
      try await group.waitForAll()
    }
  }

  private static func services(_ agent: FakeAgent) -> [any RegistrableRPCService] {
    [
      FakeUsers(agent: agent), FakeSchedules(agent: agent), FakeEvents(agent: agent), FakeSinks(agent: agent),
      FakeSubscriptions(agent: agent), FakeQueues(agent: agent), FakePlugins(agent: agent), FakeAgents(agent: agent),
      FakeTemplates(agent: agent), FakeDeadLetters(agent: agent), FakeAccess(agent: agent), FakeAudit(agent: agent),
    ]
  }

  /// Takes note of a request, and fails where the test wants it to.
  func begin(_ request: some Message & Sendable) throws {
    let failure = state.withLock { state in
      state.requests.append(request)
      defer { state.failure = nil }
      return state.failure
    }
    if let failure { throw failure }
  }

  /// The requests of a type, so far.
  func requests<M: Message>(_ type: M.Type = M.self) -> [M] {
    state.withLock { $0.requests.compactMap { $0 as? M } }
  }

  func with<R>(_ body: (inout State) throws -> R) rethrows -> R { try state.withLock { try body(&$0) } }

  static func notFound(_ name: String) -> GoogleRPCStatus {
    GoogleRPCStatus(
      code: .notFound, message: "\(name) does not exist",
      details: [.resourceInfo(type: "resource", name: name, errorDescription: "does not exist")])
  }

  static func conflict(_ message: String) -> GoogleRPCStatus {
    GoogleRPCStatus(code: .failedPrecondition, message: message, details: [])
  }

  static func invalid(_ field: String, _ reason: String) -> GoogleRPCStatus {
    GoogleRPCStatus(
      code: .invalidArgument, message: "the request is not valid",
      details: [
        .badRequest(violations: [.init(field: field, description: reason)]),
        .errorInfo(reason: "INVALID_FIELD", domain: "carillon"),
      ])
  }
}

/// Takes note of what calls show as their credentials.
private struct CredentialNote: ServerInterceptor {
  let agent: FakeAgent

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>, context: ServerContext,
    next: (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    let shown = request.metadata[stringValues: "authorization"]
    agent.with { $0.credentials += shown }
    return try await next(request, context)
  }
}

/// How many agents, and how many commands, run at a time: with all tests at once, none would answer in time on a small
/// machine.
actor Places {
  static let shared = Places(6)
  static let commands = Places(4)
  /// Whether the test that runs has a place for agents.
  @TaskLocal static var isHeld = false

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    guard !waiting.isEmpty else {
      free += 1
      return
    }
    waiting.removeFirst().resume()
  }
}

/// Runs `ctl` in this process, with a world of its own.
struct CtlRunner {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
    /// How long the command took, without what it waited for its turn.
    var elapsed: Duration

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// What time it is.
  enum Clock {
    /// Always the same.
    case still
    /// The machine's, as TLS sees it.
    case machine
    /// Each look at it is a minute after the one before.
    case hasty
  }

  /// Nil: the environment names none.
  var socket: String?
  var environment: [String: String] = [:]
  var clock = Clock.still
  /// Whether standard error is a terminal.
  var isErrorTerminal = false

  func callAsFunction(
    _ arguments: String..., input: String? = nil, isTerminal: Bool = false
  ) async throws -> Result {
    try await run(arguments, input: input, isTerminal: isTerminal)
  }

  /// - Parameter isTerminal: whether `input` is what somebody types, a line.
  func run(_ arguments: [String], input: String? = nil, isTerminal: Bool = false) async throws -> Result {
    let output = TextCollector()
    let errors = TextCollector()
    let file = FileManager.default.temporaryDirectory.appending(path: "ctl-input-\(UUID().uuidString)")
    try Data((input ?? "").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let handle = try FileHandle(forReadingFrom: file)
    var variables = environment
    if let socket { variables["CARILLON_SOCKET"] = socket }
    let clock = clock
    let looks = Counter()
    let around = Surroundings(
      environment: variables, output: output, errors: errors, inputDescriptor: handle.fileDescriptor,
      isOutputTerminal: false, isErrorTerminal: isErrorTerminal, isInputTerminal: isTerminal,
      now: {
        switch clock {
        case .still: 1_780_000_000_000
        case .machine: Int64(Date().timeIntervalSince1970 * 1_000)
        case .hasty: 1_780_000_000_000 + looks.next() * 60_000
        }
      })
    await Places.commands.take()
    let start = ContinuousClock.now
    let status = await CtlProgram.run(arguments, in: around)
    let elapsed = ContinuousClock.now - start
    await Places.commands.giveBack()
    try handle.close()
    return Result(status: status, output: output.text, errors: errors.text, elapsed: elapsed)
  }
}

/// Counts from 0.
final class Counter: Sendable {
  private let content = Mutex<Int64>(0)

  func next() -> Int64 {
    content.withLock { count in
      defer { count += 1 }
      return count
    }
  }
}

/// Keeps what is written.
final class TextCollector: TextSink {
  private let content = Mutex("")

  var text: String { content.withLock { $0 } }

  func write(_ text: String) { content.withLock { $0 += text } }
  func flush() {}
}
