import PluginKit0
import Synchronization

/// Plugins whose definition or configuration says how they behave.
enum Probe {
  static let manifest = #"{"id": "org.carillon.probe", "name": "probe", "version": "1.0.0"}"#
  /// Instances made and ended, by name.
  static let made = Mutex<[String: Int]>([:])
  static let ended = Mutex<[String: Int]>([:])
}

final class ProbeEvents: EventTypePlugin {
  static let threadModel = ThreadModel.parallel
  private let name: String

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    let configuration = try configuration.object(named: "configuration")
    self.name = name
    Probe.made.withLock { $0[name, default: 0] += 1 }
    if let message = configuration["refuse"]?.string { throw PluginError(.denied, message) }
  }

  deinit {
    let name = name
    Probe.ended.withLock { $0[name, default: 0] += 1 }
  }

  func validate(_ definition: JSONText) throws(PluginError) {
    let faults = try definition.object(named: "definition")["faults"]?.array ?? []
    if faults.isEmpty { return }
    throw PluginError(
      violations: faults.map { .init(pointer: "/" + ($0.string ?? ""), code: "probe", message: "is at fault") })
  }

  /// `{"keys": [...]}`: one occurrence a key, on the cursor's local time.
  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try request.definition.object(named: "definition")
    if let message = definition["fail"]?.string { throw PluginError(.failed, message) }
    for (index, key) in (definition["keys"]?.array ?? []).enumerated() {
      let when: Occurrence.When =
        definition["instants"] == true
        ? .instant(nanoseconds: request.after.instantNanoseconds) : .civil(request.after.civil)
      let ordinal = definition["ordinal"]?.integer.map { UInt64(clamping: $0) } ?? UInt64(index + 1)
      // Deliberately goes on when told to stop: the kit must hold.
      _ = emit(Occurrence(when, ordinal: ordinal, key: key.string ?? ""))
    }
  }

  func render(_ event: Event) throws(PluginError) -> Message {
    let definition = try event.definition.object(named: "definition")
    if let message = definition["fail"]?.string { throw PluginError(.failed, message) }
    return Message(
      title: "\(event.id) at \(event.local)", text: event.user.text, data: ["key": .string(event.occurrenceKey)])
  }
}

final class ProbeSink: SinkPlugin {
  private let host: Host
  private let configuration: JSONObject
  private let held = Mutex<[Delivery]>([])
  private let metrics: ProbeMetrics?

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.host = host
    self.configuration = try configuration.object(named: "configuration")
    if let name = self.configuration["counts"]?.string {
      metrics = try ProbeMetrics(host, name)
    } else {
      metrics = nil
    }
  }

  func activate() throws(PluginError) {
    host.log(.debug, "this level is off")
    host.log(.warning, "activating")
    if let metrics { host.log(.info, "counted: \(metrics.count())") }
    guard let reference = configuration["secret"]?.string else { return }
    let secret = try host.secret(reference)
    let length = secret.withBytes { $0.count }
    host.log(.info, "a secret of \(length) bytes, shown as \(secret)")
  }

  func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    if configuration["busy"] == true { throw PluginError(.busy, "no room") }
    if configuration["hold"] == true { return held.withLock { $0 += deliveries } }
    let completions = deliveries.map {
      Completion(
        $0.ticket,
        DeliveryResult(
          .retry, retryAfterMilliseconds: 1500, code: "http-503", detail: $0.message.title, receipt: $0.event.id,
          carry: $0.carry + "+"))
    }
    let first = host.complete(completions)
    let second = host.complete(completions)
    host.log(.info, "completed: \(first), again: \(second)")
  }

  func cancel(_ tickets: [Ticket]) {
    let cancelled = held.withLock { held in
      let taken = held.filter { tickets.contains($0.ticket) }
      held.removeAll { tickets.contains($0.ticket) }
      return taken
    }
    host.complete(cancelled.map { Completion($0.ticket, DeliveryResult(.cancelled)) })
  }

  func drain(timeout: Duration) -> Bool {
    host.log(.info, "draining for \(timeout)")
    return held.withLock { $0.isEmpty }
  }

  func deactivate() {
    let open = held.withLock { held in
      defer { held = [] }
      return held
    }
    host.complete(open.map { Completion($0.ticket, DeliveryResult(.unknown)) })
  }
}

/// Metrics of a probe.
struct ProbeMetrics {
  let sent: Metrics.Counter
  let open: Metrics.Gauge
  let wait: Metrics.Histogram

  init(_ host: Host, _ name: String) throws(PluginError) {
    sent = try host.metrics.counter("\(name)_total", help: "Sent.", labels: ["a", "b"])
    open = try host.metrics.gauge("\(name)_open", help: "Open.")
    wait = try host.metrics.histogram("\(name)_seconds", help: "Waits.", labels: ["a"], bounds: [0.5, 2])
  }

  func count() -> [Bool] {
    [sent.add(1, "x", "é"), sent.add(2, "", "y"), open.set(-3), wait.observe(0.25, "z"), sent.add(1, "too few")]
  }
}

extension Message {
  fileprivate init(title: String, text: String, data: JSONObject.Literal) {
    self.init(
      title: title, text: text, contentType: "application/json", data: JSONValue.object(data.object).serialized())
  }
}

extension JSONObject {
  /// An object written in place.
  struct Literal: ExpressibleByDictionaryLiteral {
    var object = JSONObject()
    init(dictionaryLiteral elements: (String, JSONValue)...) {
      for (name, value) in elements { object[name] = value }
    }
  }
}
