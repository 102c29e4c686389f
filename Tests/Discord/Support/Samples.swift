import Foundation
import PluginKit0
import Synchronization

@testable import DiscordPlugin

/// A host for one sink: keeps completions, knows secrets.
final class RecordingHost: HostServices {
  private let secrets: [String: String]
  private let state = DiscordMonitor([Completion]())

  init(secrets: [String: String] = [:]) { self.secrets = secrets }

  var completions: [Completion] { state.wait { .done($0) } }
  var results: [UInt64: DeliveryResult] {
    Dictionary(completions.map { ($0.ticket.rawValue, $0.result) }, uniquingKeysWith: { first, _ in first })
  }

  /// Takes what was completed since, waiting until something is, or until a time in milliseconds of the steady clock.
  func next(until time: Int64) -> [Completion] {
    state.wait { completions in
      defer { completions = [] }
      return completions.isEmpty && SteadyClock.milliseconds < time ? .until(time) : .done(completions)
    }
  }

  func isLogged(_ level: LogLevel) -> Bool { false }
  func log(_ level: LogLevel, instance: String, message: String) {}

  func complete(_ completions: [Completion]) -> CompletionAnswer {
    state.change { $0 += completions }
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
    carry: String = "", attempt: Int = 1, isTest: Bool = false, seconds: Double = 60
  ) -> Delivery {
    var event = event
    event.isTest = isTest
    return Delivery(
      ticket: Ticket(rawValue: ticket), attempt: attempt, idempotencyKey: "key_\(ticket)", endpoint: endpoint,
      carry: carry, deadlineMonotonicNanoseconds: SteadyClock.milliseconds * 1_000_000 + Int64(seconds * 1e9),
      firstAttemptNanoseconds: 0, event: event, message: message)
  }

  static func configuration(_ more: String = "") throws -> DiscordConfiguration {
    try DiscordConfiguration(JSONText("{\(more)}"))
  }
}

/// A sink, its host and the emulator, for one test.
struct Stage {
  static let patience = Duration.seconds(60)

  let sink: Discord
  let host: RecordingHost
  let emulator: Emulator

  /// - Parameters:
  ///   - webhook: the configuration's; nil: every delivery brings its own.
  ///   - more: of the configuration.
  static func with(
    _ webhook: Int? = nil, _ more: String = "", rates: DiscordRates = DiscordRates(), _ body: (Stage) throws -> Void
  ) throws {
    let emulator = try Emulator()
    let host = RecordingHost(secrets: ["env:URL": webhook.map { emulator.webhook($0) + "\n" } ?? ""])
    let url = webhook == nil ? "" : #""url": "env:URL", "#
    let sink = try Discord(
      configuration: JSONText(#"{\#(url)"allow_addresses": ["127.0.0.0/8"]\#(more)}"#),
      host: Host(instanceName: "test", services: host), rates: rates)
    try sink.activate()
    defer { sink.deactivate() }
    try body(Stage(sink: sink, host: host, emulator: emulator))
  }

  /// Delivers, and waits until all have ended.
  func deliver(_ deliveries: [Delivery]) throws {
    try sink.deliver(deliveries)
    guard sink.drain(timeout: Self.patience) else { throw EmulatorError(what: "not all have ended") }
  }

  /// Rates that never hold anything up, where something else is meant.
  static var unlimited: DiscordRates {
    var assumptions = DiscordRateBook.Assumptions()
    assumptions.webhook = DiscordWindow(limit: 1_000, length: 50)
    assumptions.channel = DiscordWindow(limit: 1_000, length: 50)
    return DiscordRates(assumptions: assumptions)
  }
}
