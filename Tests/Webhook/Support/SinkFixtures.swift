import Foundation
import HTTPTransport
import PluginKit0
import Synchronization

/// A host for one sink: keeps completions, knows secrets.
final class RecordingHost: HostServices {
  private let secrets: [String: String]
  private let state = Mutex([Completion]())

  init(secrets: [String: String] = [:]) { self.secrets = secrets }

  var completions: [Completion] { state.withLock { $0 } }

  func isLogged(_ level: LogLevel) -> Bool { false }
  func log(_ level: LogLevel, instance: String, message: String) {}

  func complete(_ completions: [Completion]) -> CompletionAnswer {
    state.withLock { $0 += completions }
    return .taken
  }

  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret {
    guard let text = secrets[reference] else { throw PluginError(.notFound, "there is no \(reference)") }
    return Secret(text)
  }

  func instant(of civil: Civil, in timeZone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int64 {
    throw PluginError(.unsupported, "no time here")
  }

  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    throw PluginError(.unsupported, "no time here")
  }
}

enum Sample {
  static let birthday: Event? = CivilDate(year: 2026, month: 11, day: 21).map { date in
    Event(
      id: "evt_1", type: "birthday", scheduleID: "sched_1", occurrenceKey: "2026-11-21", timeZone: "Europe/Berlin",
      locale: "de", user: #"{"id":"zoe","names":{"display":"Zoë \"Z\""}}"#, data: #"{"age":26}"#,
      local: Civil(date, .nineOClock), dueNanoseconds: 1_795_248_000_000_000_000)
  }
  static let message = Message(title: "Zoë", text: "Zoë turns 26.\n\u{1}", html: "<b>Zoë</b>")

  static func delivery(
    _ ticket: UInt64, attempt: Int = 1, endpoint: String = "", late: Int64 = 0, seconds: Double = 60, event: Event
  ) -> Delivery {
    Delivery(
      ticket: Ticket(rawValue: ticket), attempt: attempt, idempotencyKey: "key_\(ticket)", endpoint: endpoint,
      deadlineMonotonicNanoseconds: Int64((ProcessInfo.processInfo.systemUptime + seconds) * 1e9),
      firstAttemptNanoseconds: 0, lateNanoseconds: late, event: event, message: message)
  }
}
