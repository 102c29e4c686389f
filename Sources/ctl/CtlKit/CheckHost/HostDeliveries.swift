import ControlAPI

/// Deliveries to the hostile sink, as the agent tells of them and as the plugin saw them.
struct HostDeliveries: Sendable {
  /// How they must end.
  let ending: HostCase.Ending
  /// What the agent tells.
  var events: [Carillon_V1_ExplainEventResponse] = []
  /// What the plugin tells.
  var told = HostTold([])

  /// Whether each of them is where it must come to.
  var isOver: Bool { !events.isEmpty && events.allSatisfy { isOver(outcomes($0)) } }

  private func isOver(_ outcomes: [String]) -> Bool {
    switch ending {
    case .delivered, .again: outcomes.last == "delivered"
    case .waits: !outcomes.isEmpty || told.attempts.count >= events.count
    case .kept, .any: !outcomes.isEmpty
    }
  }

  /// What became of each attempt.
  private func outcomes(_ event: Carillon_V1_ExplainEventResponse) -> [String] {
    receipts(event).map(\.what)
  }

  private func receipts(_ event: Carillon_V1_ExplainEventResponse) -> [Carillon_V1_Step] {
    let kinds: Set<String> = ["delivered", "retry", "deferred", "dead", "cancelled", "expired", "skipped"]
    return event.steps.filter { kinds.contains($0.what) && $0.sink.hasSuffix(HostDesk.hostile) }
  }

  /// In a few words, for people.
  var summary: String { events.map { outcomes($0).joined(separator: " ") }.joined(separator: "; ") }

  /// What is wrong, a sentence each.
  var faults: [String] {
    var faults = keyFaults
    for event in events {
      let all = outcomes(event)
      let name = event.event.name
      if all.count(where: { $0 == "delivered" }) > 1 { faults.append("\(name) was delivered twice") }
      if all.contains("skipped") || (all.contains("dead") && ending != .kept) {
        faults.append("\(name) was given up: \(all)")
      }
      switch ending {
      case .delivered where all.contains("retry"):
        faults.append("\(name) was tried again, though it was delivered: \(all)")
      case .again where !all.contains("retry"): faults.append("\(name) was not tried again: \(all)")
      case .waits where all.contains("delivered"), .kept where all.contains("delivered"):
        faults.append("\(name) counts as delivered, and was not: \(all)")
      default: break
      }
      for step in receipts(event) { faults += textFaults(step) }
    }
    return faults
  }

  /// Texts of a receipt are bounded, and one clean line each.
  private func textFaults(_ step: Carillon_V1_Step) -> [String] {
    HostText.faults(step.code, "a receipt's code", limit: 64) + HostText.faults(step.detail, "a receipt's detail")
      + HostText.faults(step.externalID, "a receipt's external_id", limit: 256)
  }

  /// Every attempt of a delivery has the same key, and no other delivery has it.
  private var keyFaults: [String] {
    let byEvent = Dictionary(grouping: told.attempts) { $0.event }
    let changed = byEvent.filter { Set($0.value.map(\.key)).count > 1 }
    let shared = Dictionary(grouping: told.attempts) { $0.key }.filter { Set($0.value.map(\.event)).count > 1 }
    return changed.map { "event \($0.key) came again with another key" }
      + shared.map { "the key \($0.key) names two events" }
  }
}

/// What a text that a plugin had a hand in must be, wherever people read it.
enum HostText {
  /// Longest such text, in bytes: a bounded part of the plugin's, and the agent's own words around it.
  static let maximumBytes = 16 * 1_024

  /// What is wrong with it, a sentence each.
  static func faults(_ text: String, _ what: String, limit: Int = maximumBytes) -> [String] {
    var faults: [String] = []
    if text.utf8.count > limit { faults.append("\(what) has \(text.utf8.count) bytes, more than \(limit)") }
    let isClean = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    if !isClean { faults.append("\(what) has control characters") }
    return faults
  }
}
