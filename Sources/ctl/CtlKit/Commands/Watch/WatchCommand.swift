import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf
import Synchronization

/// `ctl watch`
struct WatchCommand: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show what happens to users and events, until interrupted.",
    discussion: """
      Kinds: user.created, user.zone-changed, user.date-changed, event.scheduled, event.completed, event.failed, \
      dead-letter.created, sink.circuit-opened, sink.disabled.
      When the connection breaks it goes on where it was. With -o jsonl each line carries the cursor to resume from.

      Examples:
        ctl watch --kind event.failed
        ctl watch --from oldest --kind user.created --count 10 -o jsonl
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Only this kind; may be given several times.") var kind: [String] = []
  @Option(help: "Where to begin: a cursor, or oldest (default: now).") var from = ""
  @Option(help: "End after so many.") var count: Int?
  @Option(help: "How long it tries to reach the agent again when the connection breaks; 0s: not at all.")
  var reconnect = TimeSpan(milliseconds: 60_000)

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count: must be at least 1") }
  }

  func perform(_ session: Session) async throws {
    let progress = ChangeProgress(cursor: from, left: count ?? .max)
    let command = self
    try await Interruption.ends {
      try await Reconnecting.run(session, limit: command.reconnect.duration, noting: progress) {
        // The agent ends a watch only when it stops, or when what was asked for is there.
        try await command.watch(session, progress)
      }
    }
  }

  private func watch(_ session: Session, _ progress: ChangeProgress) async throws {
    let request = Carillon_V1_WatchChangesRequest.with {
      $0.parent = session.parent(.events)
      $0.cursor = progress.cursor
      $0.kinds = kind
    }
    let printer = session.printer
    try await session.client.events.watchChanges(request, options: session.client.streamOptions) { response in
      for try await answer in response.messages {
        for change in progress.take(answer) { try Self.show(change, answer.cursor, printer) }
        printer.sink.flush()
        if progress.isDone { return }
      }
    }
  }

  private static func show(
    _ change: Carillon_V1_DomainEvent, _ cursor: String, _ printer: Printer
  ) throws(CtlError) {
    guard case .object(let members) = try Printer.json(change) else { return }
    let show = printer.show
    let name = [change.event, change.sink, change.user].first { !$0.isEmpty } ?? ""
    try printer.document(.object(members + [("cursor", .string(cursor))]), names: [name]) {
      let what =
        !change.sink.isEmpty
        ? [show.id(change.sink), change.detail]
        : change.event.isEmpty
          ? [show.id(change.user)] : [show.id(change.schedule), change.eventType, show.id(change.event)]
      let parts = [show.time(change.time, isSet: change.hasTime), change.kind] + what + (change.test ? ["test"] : [])
      return [parts.filter { !$0.isEmpty }.map(Printable.escaped).joined(separator: "  ")]
    }
  }
}

/// How far a watch came, over several connections.
final class ChangeProgress: AnswerNote {
  private struct State {
    var cursor: String
    var left: Int
    var hasAnswered = false
  }

  private let state: Mutex<State>

  init(cursor: String, left: Int) { state = Mutex(State(cursor: cursor, left: left)) }

  /// Where to go on.
  var cursor: String { state.withLock { $0.cursor } }

  var isDone: Bool { state.withLock { $0.left == 0 } }

  /// Takes an answer; what of it is to be shown.
  func take(_ answer: Carillon_V1_WatchChangesResponse) -> [Carillon_V1_DomainEvent] {
    state.withLock { state in
      let shown = answer.changes.prefix(state.left)
      state.left -= shown.count
      if !answer.cursor.isEmpty { state.cursor = answer.cursor }
      state.hasAnswered = true
      return Array(shown)
    }
  }

  /// Whether there was an answer since it was last asked.
  func takeAnswered() -> Bool {
    state.withLock { state in
      defer { state.hasAnswered = false }
      return state.hasAnswered
    }
  }
}

/// When to try again: at first soon, then every few seconds, until too long nobody answered.
struct ReconnectPace {
  private static let shortest = Duration.milliseconds(250)
  private static let longest = Duration.seconds(5)

  let limit: Duration
  private var waited = Duration.zero
  private var next = Self.shortest
  /// Whether there was an answer at all; who never reached the agent is told so at once.
  private var hasBegun = false
  /// Whether the last wait was the first since an answer.
  private(set) var isFirst = false

  init(limit: Duration) { self.limit = limit }

  /// How long to wait; nil: give up.
  mutating func wait(after answered: Bool) -> Duration? {
    if answered { (waited, next, hasBegun) = (.zero, Self.shortest, true) }
    guard hasBegun, waited < limit else { return nil }
    isFirst = waited == .zero
    let wait = min(next, limit - waited)
    waited += wait
    next = min(next * 2, Self.longest)
    return wait
  }
}
