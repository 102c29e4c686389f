import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// That everything is stopped, so that nobody overlooks it.
enum StopText {
  static func lines(_ status: Carillon_V1_AgentStatus, _ printer: Printer) -> [String] {
    guard status.hasStop else { return [] }
    let stop = status.stop
    var said = "EVERYTHING IS STOPPED"
    if stop.hasTime { said += " since \(printer.show.time(stop.time, isSet: true))" }
    if !stop.actor.isEmpty { said += " by \(stop.actor)" }
    if !stop.reason.isEmpty { said += ": \(stop.reason)" }
    var lines = [printer.paint(Printable.escaped(said), .bad)]
    if status.inFlight > 0 { lines.append("sends that had begun before end by themselves: \(status.inFlight)") }
    return lines + ["send again with: ctl resume-all"]
  }
}

/// What waits in the queues; counted in whole buckets, so it may be a little too much.
struct Waiting {
  var due: Int64 = 0
  var open: Int64 = 0
  /// Ids of queues that stay paused.
  var paused: [String] = []

  init(_ queues: [Carillon_V1_Queue]) {
    for queue in queues {
      due += queue.status.due
      open += queue.status.open
      if queue.paused { paused.append(ResourceName.id(queue.name)) }
    }
  }

  func lines(_ printer: Printer) -> [String] {
    var lines = [due == 0 ? "no event is due" : "events that are due and go out now: up to \(due)"]
    if open > due { lines.append("events that are planned for later: up to \(open - due)") }
    if !paused.isEmpty {
      lines.append(printer.paint("paused still: \(Printable.escaped(paused.joined(separator: ", ")))", .warning))
    }
    return lines
  }
}
