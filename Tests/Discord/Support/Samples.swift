import Foundation
import PluginKit0
import Synchronization

@testable import DiscordPlugin

/// A host for one sink: keeps completions, knows secrets.
final class RecordingHost: HostServices {
  private let secrets: [String: String]
  private let state = Mutex([Completion]())

  init(secrets: [String: String] = [:]) { self.secrets = secrets }

  var results: [UInt64: DeliveryResult] {
    Dictionary(state.withLock { $0 }.map { ($0.ticket.rawValue, $0.result) }, uniquingKeysWith: { first, _ in first })
  }
  var count: Int { state.withLock { $0.count } }

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
  static let event = Event(
    id: "evt_1", type: "birthday", scheduleID: "s", occurrenceKey: "2026-11-21", timeZone: "Europe/Berlin",
    local: Civil(.min, .nineOClock), dueNanoseconds: 1_795_248_000_000_000_000)

  static func delivery(
    _ ticket: UInt64, _ message: Message = Message(title: "Hello", text: "World"), endpoint: String = "",
    carry: String = "", seconds: Double = 60
  ) -> Delivery {
    Delivery(
      ticket: Ticket(rawValue: ticket), idempotencyKey: "key_\(ticket)", endpoint: endpoint, carry: carry,
      deadlineMonotonicNanoseconds: Int64((ProcessInfo.processInfo.systemUptime + seconds) * 1e9),
      firstAttemptNanoseconds: 0, event: event, message: message)
  }

  static func configuration(_ more: String = "") throws -> DiscordConfiguration {
    try DiscordConfiguration(JSONText("{\(more)}"))
  }
}
