import CivilTime
import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct ImportLineTests {
  private typealias Request = Carillon_V1_ImportUsersRequest
  private typealias Response = Carillon_V1_ImportUsersResponse

  /// How far each side is.
  private final class Pace: Sendable {
    private let state = Mutex((pulled: 0, answered: 0, mostAhead: 0, answers: [Response]()))

    var mostAhead: Int { state.withLock { $0.mostAhead } }
    var answers: [Response] { state.withLock { $0.answers } }
    var pulled: Int { state.withLock { $0.pulled } }

    func pull() -> Int {
      state.withLock { state in
        state.pulled += 1
        state.mostAhead = max(state.mostAhead, state.pulled - state.answered)
        return state.pulled
      }
    }

    func answer(_ response: Response) {
      state.withLock { state in
        state.answered += 1
        state.answers.append(response)
      }
    }
  }

  /// A client that takes an answer only when the server has read as far as it will.
  private struct SlowReader: RPCWriterProtocol {
    let pace: Pace
    let messages: Int

    func write(_ element: Response) async throws {
      let furthest = min(messages, pace.answers.count + ImportLine.maximum + 1)
      while pace.pulled < furthest { try await Task.sleep(for: .milliseconds(1)) }
      pace.answer(element)
    }

    func write(contentsOf elements: some Sequence<Response>) async throws {
      for element in elements { try await write(element) }
    }
  }

  private static func run(
    _ rig: Rig, _ count: Int, _ message: @escaping @Sendable (Int) -> Request
  ) async throws -> Pace {
    let environment = Environment(
      store: rig.store, plugins: rig.plugins, operations: nil, pipeline: rig.pipeline,
      zones: SystemZones(try TimeZoneDatabase()), log: NoLog(), reloader: nil, now: { rig.clock.now },
      clock: ContinuousClock(), limits: ControlPlaneLimits(), shutdown: ShutdownSignal(),
      watches: Gate(limit: 1), exports: Gate(limit: 1),
      access: AccessDirectory(
        store: rig.store, admins: [], now: { rig.clock.now }, observer: SilentObserver(), logger: quiet), issuer: nil,
      certificates: CertificateStatus(), logger: quiet)
    let pace = Pace()
    let messages = AsyncThrowingStream<Request, any Error> {
      if pace.pulled == count { return nil }
      return message(pace.pull())
    }
    try await UserImport(environment: environment, actor: Actor(name: "test")).run(
      RPCAsyncSequence(wrapping: messages), into: RPCWriter(wrapping: SlowReader(pace: pace, messages: count)))
    return pace
  }

  private static func message(_ number: Int, _ items: [Carillon_V1_ImportItem]) -> Request {
    .with {
      $0.parent = number == 1 ? Rig.parent : ""
      $0.items = items
    }
  }

  @Test func noMoreIsReadThanIsUnderWayAndAnswersComeInOrder() async throws {
    try await withRig { rig in
      let pace = try await Self.run(rig, 12) { number in Self.message(number, [ImportTests.item(number)]) }
      #expect(pace.mostAhead == ImportLine.maximum + 1)
      #expect(pace.answers.map { $0.results.map(\.tag) } == (1...12).map { [Int64($0)] })
      #expect(pace.answers.allSatisfy { $0.results.allSatisfy { $0.effect == .created } })
    }
  }

  @Test func whoIsInSeveralMessagesIsAsTheLastOneSays() async throws {
    try await withRig { rig in
      let pace = try await Self.run(rig, 9) { number in
        var item = ImportTests.item(1)
        item.user.displayName = "Name \(number)"
        return Self.message(number, [item])
      }
      #expect(pace.answers.flatMap { $0.results.map(\.effect) } == [.created] + Array(repeating: .updated, count: 8))
      let user = try await rig.users.getUser(.with { $0.name = "namespaces/test/users/u1" })
      #expect(user.displayName == "Name 9")
    }
  }

  @Test func schedulesAloneMayBeOfPeopleOfTheMessageBefore() async throws {
    try await withRig { rig in
      let pace = try await Self.run(rig, 2) { number in
        var item = Carillon_V1_ImportItem()
        if number == 1 { item.user = Sample.user("ada") }
        if number == 2 { item.schedules = [Sample.schedule("of-ada", user: "ada")] }
        return Self.message(number, [item])
      }
      #expect(pace.answers.flatMap { $0.results.map(\.effect) } == [.created, .created])
    }
  }

  @Test func whatCameBeforeARefusedMessageIsDoneAndTold() async throws {
    try await withRig { rig in
      let told = Mutex<[Carillon_V1_Effect]>([])
      try await refused(.invalidArgument, fields: ["parent"]) {
        try await rig.users.importUsers { writer in
          for number in 1...4 { try await writer.write(Self.message(number, [ImportTests.item(number)])) }
          try await writer.write(.with { $0.parent = "namespaces/other" })
        } onResponse: { response in
          for try await message in response.messages { told.withLock { $0 += message.results.map(\.effect) } }
        }
      }
      #expect(told.withLock { $0 } == Array(repeating: .created, count: 4))
      #expect(try await rig.users.listUsers(.with { $0.parent = Rig.parent }).users.count == 4)
    }
  }
}
