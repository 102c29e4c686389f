import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// An event's history, as people read it.
enum History {
  /// The most steps that are shown: the first, and the newest.
  static let maximumSteps = 1_000

  /// One step for each of the store's.
  static func steps(_ steps: [EventStep]) -> [Carillon_V1_Step] {
    var last: Outcome?
    var isFirst = true
    let all = inOrder(steps).map { step in
      let shown = Carillon_V1_Step(step, after: last, isFirst: isFirst)
      isFirst = false
      if case .receipt(let outcome, _, _, _, _, _, _) = step.kind { last = outcome }
      return shown
    }
    return all.count <= maximumSteps ? all : all.prefix(1) + all.suffix(maximumSteps - 1)
  }

  /// A receipt and the row that follows from it are of the same moment: the receipt comes first.
  private static func inOrder(_ steps: [EventStep]) -> [EventStep] {
    var result = steps
    for index in result.indices.dropFirst().dropLast() {
      guard case .row = result[index].kind, case .receipt(let outcome, _, _, _, _, _, _) = result[index + 1].kind,
        !outcome.isFinal, result[index].at == result[index + 1].at
      else { continue }
      result.swapAt(index, index + 1)
    }
    return result
  }

  /// One sentence: what became of it, and why.
  static func summary(_ event: EventSummary, _ steps: [EventStep], time: (Timestamp) -> String) -> String {
    switch event.state {
    case .pending:
      guard event.attempt > 1, let (_, detail) = lastReceipt(steps) else {
        return "Waits for its time, \(time(event.dueAt))."
      }
      return "Waits for attempt \(event.attempt); the one before failed\(reason(detail))."
    case .processing: return "Taken up by an agent; due \(time(event.dueAt))."
    case .completed:
      return "Delivered" + sinks(steps, .delivered) + at(event, time) + lateness(event, steps) + "."
    case .failed: return "Gave up after \(event.attempt) attempts" + last(steps) + at(event, time) + "."
    case .cancelled: return "Cancelled" + last(steps) + at(event, time) + "."
    case .expired: return "Expired" + last(steps) + at(event, time) + "."
    case .skipped: return "Not sent" + last(steps) + at(event, time) + "."
    }
  }

  private static func lastReceipt(_ steps: [EventStep]) -> (Outcome, String)? {
    for step in steps.reversed() {
      guard case .receipt(let outcome, let code, let detail, _, _, _, _) = step.kind else { continue }
      return (outcome, detail.isEmpty ? code : detail)
    }
    return nil
  }

  private static func reason(_ detail: String) -> String { detail.isEmpty ? "" : ": " + detail }

  private static func last(_ steps: [EventStep]) -> String { reason(lastReceipt(steps)?.1 ?? "") }

  private static func at(_ event: EventSummary, _ time: (Timestamp) -> String) -> String {
    event.settledAt.map { " at \(time($0))" } ?? ""
  }

  private static func sinks(_ steps: [EventStep], _ wanted: Outcome) -> String {
    var names: [String] = []
    for step in steps {
      guard case .receipt(let outcome, _, _, _, _, _, _) = step.kind, outcome == wanted, !step.sink.isEmpty,
        !names.contains(step.sink)
      else { continue }
      names.append(step.sink)
    }
    return names.isEmpty ? "" : " to " + names.joined(separator: ", ")
  }

  private static func lateness(_ event: EventSummary, _ steps: [EventStep]) -> String {
    for step in steps {
      guard case .receipt(_, _, _, _, _, _, let started?) = step.kind else { continue }
      let late = started - event.dueAt
      return late > .zero ? "; the first send began \(late.microseconds / 1_000) ms after it was due" : ""
    }
    return ""
  }
}

extension Carillon_V1_Step {
  fileprivate init(_ step: EventStep, after last: Outcome?, isFirst: Bool) {
    self.init()
    time = Google_Protobuf_Timestamp(step.at)
    sink = step.sink
    switch step.kind {
    case .row(let attempt, let hop, let runAt, _, let queue):
      what = isFirst ? "planned" : Self.rowName(attempt: attempt, hop: hop, after: last)
      self.attempt = attempt
      self.hop = hop
      runTime = Google_Protobuf_Timestamp(runAt)
      self.queue = queue
    case .claimed(let agent, _):
      what = "claimed"
      self.agent = agent
    case .receipt(let outcome, let code, let detail, let externalID, let attempt, let hop, let startedAt):
      what = outcome.rawValue
      self.code = code
      self.detail = detail
      self.externalID = externalID
      self.attempt = attempt
      self.hop = hop
      if let startedAt { startTime = Google_Protobuf_Timestamp(startedAt) }
    }
  }

  /// A row is named by the receipt that it follows.
  private static func rowName(attempt: Int32, hop: Int32, after last: Outcome?) -> String {
    switch last {
    case .moved: "moved"
    case .deferred: "deferred-until"
    case .retry: "retry-planned"
    // Withdrawn while its schedule rested or was changed, and planned again.
    case .cancelled, .skipped: "planned"
    default: hop > 0 ? "deferred-until" : attempt > 1 ? "retry-planned" : "moved"
    }
  }
}
