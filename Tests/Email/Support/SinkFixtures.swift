import EmailPlugin
import Foundation
import PluginKit0
import Testing

/// A host for one sink: keeps completions, knows secrets.
final class RecordingHost: HostServices {
  private let secrets: Watched<[String: String]>
  private let state = Watched((completions: [Completion](), lines: [String]()))

  init(secrets: [String: String] = [:]) { self.secrets = Watched(secrets) }

  /// Another secret at the same reference; nil: none any more.
  func change(_ reference: String, to secret: String?) { secrets.change { $0[reference] = secret } }

  var completions: [Completion] { state.current.completions }
  var lines: [String] { state.current.lines }

  /// The result of a delivery; nil unless it was completed exactly once.
  func result(_ ticket: UInt64) -> DeliveryResult? {
    let results = completions.filter { $0.ticket.rawValue == ticket }
    return results.count == 1 ? results[0].result : nil
  }

  func isLogged(_ level: LogLevel) -> Bool { true }
  func log(_ level: LogLevel, instance: String, message: String) { state.change { $0.lines.append(message) } }

  func complete(_ completions: [Completion]) -> CompletionAnswer {
    state.change { $0.completions += completions }
    return .taken
  }

  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret {
    guard let text = secrets.current[reference] else { throw PluginError(.notFound, "there is no \(reference)") }
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
  static let dueSeconds = 1_795_248_000

  static func event(user: String = #"{"id":"zoe","display_name":"Zoë Ω"}"#) throws -> Event {
    let date = try #require(CivilDate(year: 2026, month: 11, day: 21))
    return Event(
      id: "evt_1", type: "birthday", scheduleID: "sched_1", occurrenceKey: "2026-11-21", timeZone: "Europe/Berlin",
      user: JSONText(user), local: Civil(date, .nineOClock), dueNanoseconds: Int64(dueSeconds) * 1_000_000_000)
  }

  static func delivery(
    _ ticket: UInt64 = 1, key: String? = nil, attempt: Int = 1, to endpoint: String = "zoe@example.org",
    late: Int64 = 0, seconds: Double = 60, user: String = #"{"id":"zoe","display_name":"Zoë Ω"}"#,
    message: Message = Message(title: "Zoë", text: "Zoë turns 26.", html: "<p>Zoë turns <b>26</b>.</p>")
  ) throws -> Delivery {
    Delivery(
      ticket: Ticket(rawValue: ticket), attempt: attempt, idempotencyKey: key ?? "evt_\(ticket)_mail",
      endpoint: endpoint, deadlineMonotonicNanoseconds: Int64((ProcessInfo.processInfo.systemUptime + seconds) * 1e9),
      firstAttemptNanoseconds: 0, lateNanoseconds: late, event: try event(user: user), message: message)
  }
}

/// A sink with its server and its host.
struct SinkUnderTest {
  static let patience = Duration.seconds(120)

  let server: MailServer
  let host: RecordingHost
  let sink: Email

  init(_ script: MailServer.Script = .init(), _ more: String = "", secrets: [String: String] = [:]) throws {
    try self.init(MailServer(script), tls: script.tls, more, secrets: secrets)
  }

  /// With a server of raw sockets.
  init(
    hostile connections: [[[String]]], tls: String = "none", _ more: String = "", secrets: [String: String] = [:]
  ) throws {
    try self.init(MailServer(hostile: connections), tls: tls, more, secrets: secrets)
  }

  private init(_ server: MailServer, tls: String, _ more: String, secrets: [String: String]) throws {
    self.server = server
    host = RecordingHost(secrets: secrets)
    let tls = tls == "none" ? #""tls": "none""# : #""tls": "\#(tls)", "ca_file": "\#(server.certificateFile)""#
    sink = try Email(
      name: "mail",
      configuration: JSONText(
        #"{"host": "127.0.0.1", "port": \#(server.port), "from": "Carillon <bells@example.org>", \#(tls)\#(more)}"#),
      host: Host(instanceName: "mail", services: host))
    try sink.activate()
  }

  /// Delivers one after the other, each in a call of its own.
  func deliver(_ deliveries: Delivery...) throws {
    for delivery in deliveries {
      try sink.deliver([delivery])
      #expect(sink.drain(timeout: Self.patience))
    }
  }

  /// Delivers one and gives its result.
  func result(_ delivery: Delivery) throws -> DeliveryResult {
    try deliver(delivery)
    return try #require(host.result(delivery.ticket.rawValue))
  }
}
