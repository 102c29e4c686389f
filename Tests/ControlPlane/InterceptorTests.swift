import CivilTime
import ControlAPI
import EventModel
import Foundation
import GRPCCore
import GRPCInProcessTransport
import GRPCProtobuf
import Logging
import Store
import StoreSQLite
import SwiftProtobuf
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct InterceptorTests {
  /// A handler that does what a test wants.
  struct Probe: Carillon_V1_Audit.SimpleServiceProtocol {
    let body: @Sendable () async throws -> Void

    func listAuditRecords(
      request: Carillon_V1_ListAuditRecordsRequest, context: ServerContext
    ) async throws -> Carillon_V1_ListAuditRecordsResponse {
      try await body()
      return Carillon_V1_ListAuditRecordsResponse()
    }

    func verifyAudit(
      request: Carillon_V1_VerifyAuditRequest, context: ServerContext
    ) async throws -> Carillon_V1_VerifyAuditResponse { Carillon_V1_VerifyAuditResponse() }
  }

  struct Secretive: Error, CustomStringConvertible {
    var description: String { "password=hunter2" }
  }

  /// Calls a handler with `body` behind the interceptor.
  static func call(
    limits: ControlPlaneLimits = ControlPlaneLimits(), observer: CountingObserver = CountingObserver(),
    logger: Logger = quiet, options: CallOptions = .defaults, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    let transport = InProcessTransport()
    let interceptor = CallInterceptor(
      limits: limits, clock: ContinuousClock(), observer: observer, logger: logger)
    try await withGRPCServer(
      transport: transport.server, services: [Probe(body: body)], interceptors: [interceptor]
    ) { _ in
      try await withGRPCClient(transport: transport.client) { client in
        _ = try await Carillon_V1_Audit.Client(wrapping: client).listAuditRecords(.init(), options: options)
      }
    }
  }

  @Test func whatIsUnexpectedIsLoggedAndNotTold() async throws {
    let log = MemoryLog()
    let refusal = try await refused(.internalError) {
      try await Self.call(logger: Logger(label: "test") { _ in log }) { throw Secretive() }
    }
    #expect(refusal.reason == "INTERNAL" && !refusal.message.contains("hunter2"))
    #expect(log.lines.contains { $0.contains("hunter2") && $0.hasPrefix("error") })
  }

  static let storeErrors: [(StoreError.Code, RPCError.Code, String)] = [
    (.notFound, .notFound, "NOT_FOUND"), (.alreadyExists, .alreadyExists, "ALREADY_EXISTS"),
    (.conflict, .aborted, "ETAG_MISMATCH"), (.invalid, .invalidArgument, "INVALID_ARGUMENT"),
    (.failedPrecondition, .failedPrecondition, "FAILED_PRECONDITION"), (.fenced, .unavailable, "AGENT_FENCED"),
    (.locked, .unavailable, "STORE_LOCKED"), (.full, .resourceExhausted, "STORE_FULL"),
    (.unavailable, .unavailable, "STORE_UNAVAILABLE"), (.corrupt, .dataLoss, "STORE_CORRUPT"),
    (.unknown, .unknown, "OUTCOME_UNKNOWN"),
  ]

  @Test(arguments: storeErrors)
  func everyErrorOfTheStoreHasOneStatus(
    _ store: StoreError.Code, _ code: RPCError.Code, _ reason: String
  ) async throws {
    let refusal = try await refused(code) {
      try await Self.call { throw StoreError(store, "in words", cause: Secretive()) }
    }
    #expect(refusal.reason == reason && refusal.message == "in words")
  }

  @Test func callsAreCountedByMethodAndCode() async throws {
    let observer = CountingObserver()
    try await Self.call(observer: observer) {}
    try await refused(.notFound) { try await Self.call(observer: observer) { throw StoreError(.notFound, "x") } }
    #expect(
      observer.counts == [
        "carillon.v1.Audit/ListAuditRecords OK": 1, "carillon.v1.Audit/ListAuditRecords NOT_FOUND": 1,
      ])
  }

  @Test func aHandlerThatHangsIsCutOff() async throws {
    var limits = ControlPlaneLimits()
    limits.unaryDeadline = .milliseconds(20)
    let short = limits
    let wasCancelled = Mutex(false)
    let refusal = try await refused(.deadlineExceeded) {
      try await Self.call(limits: short) {
        do {
          try await Task.sleep(for: .seconds(3_600))
        } catch {
          wasCancelled.withLock { $0 = true }
          throw error
        }
      }
    }
    #expect(refusal.reason == "DEADLINE_EXCEEDED")
    #expect(wasCancelled.withLock { $0 })
  }

  @Test func aCallersDeadlineCancelsTheHandler() async throws {
    var options = CallOptions.defaults
    options.timeout = .milliseconds(20)
    let observer = CountingObserver()
    let patient = options
    await #expect(throws: RPCError.self) {
      try await Self.call(observer: observer, options: patient) { try await Task.sleep(for: .seconds(3_600)) }
    }
    #expect(observer.counts == ["carillon.v1.Audit/ListAuditRecords CANCELLED": 1])
  }

  @Test func logLinesHaveTheMethodAndNoPayload() async throws {
    let log = MemoryLog()
    try await Self.call(logger: Logger(label: "test") { _ in log }) {}
    let line = try #require(log.lines.first)
    #expect(line.contains("carillon.v1.Audit/ListAuditRecords") && line.contains("OK") && line.contains("duration_ms"))
  }
}

/// Keeps what is logged.
final class MemoryLog: LogHandler {
  private let state = Mutex<[String]>([])

  var lines: [String] { state.withLock { $0 } }
  var logLevel: Logger.Level {
    get { .trace }
    set { _ = newValue }
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set { _ = newValue }
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set { _ = newValue }
  }

  func log(event: LogEvent) {
    let fields = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
    state.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
  }
}
