import EventModel
import Store

/// What can be said of an agent's health from what it knows of itself: a pure function of its parts.
struct AgentCheckup {
  let status: PipelineStatus
  let plugins: [PluginFacts]
  /// The edition of the zone data: `2026a`.
  let zoneVersion: String
  let agents: [AgentRecord]
  let stop: StopOrder?
  let now: Timestamp

  /// One for each check at least, in this order.
  var findings: [StoreFinding] {
    [ready] + [stopped, fleet, clock, zones] + pluginFindings + sinkFindings
  }

  private var ready: StoreFinding {
    guard !status.notReadyReasons.isEmpty else {
      return StoreFinding(.ok, "ready", "agent \(status.agent) is ready")
    }
    let reasons = status.notReadyReasons.joined(separator: "; ")
    return StoreFinding(
      .problem, "ready", "agent \(status.agent) is not ready: \(reasons)",
      advice: status.isDraining ? "ctl agent resume" : "the agent's log says since when, and what it tries")
  }

  private var stopped: StoreFinding {
    guard let stop else { return StoreFinding(.ok, "stop", "nothing is stopped") }
    let why = stop.reason.isEmpty ? "" : ": \(stop.reason)"
    return StoreFinding(
      .warning, "stop", "\(stop.actor) stopped everything at \(stop.at)\(why)", advice: "ctl resume-all goes on")
  }

  private var fleet: StoreFinding {
    let lost = agents.filter { $0.state(now: now) == .lost }.map(\.name)
    let live = agents.count { $0.state(now: now) == .live }
    guard !lost.isEmpty else { return StoreFinding(.ok, "agents", "live: \(live); none is lost") }
    return StoreFinding(
      .warning, "agents", "live: \(live); lost: \(lost.joined(separator: ", "))",
      advice: "a lost agent crashed, hangs, or is cut off from the store; the others have its work")
  }

  /// From here on the agent stops sending.
  private static let clockBound = TimeSpan.milliseconds(500)
  /// From here on somebody should look after the clocks.
  private static let clockWarning = TimeSpan.milliseconds(100)

  private var clock: StoreFinding {
    let offset = TimeSpan(microseconds: abs(status.clockOffset.microseconds))
    let milliseconds = offset.microseconds / 1_000
    let direction = status.clockOffset < .zero ? "ahead of" : "behind"
    let message = "this machine's clock is \(milliseconds) ms \(direction) the store's"
    guard offset > Self.clockWarning else { return StoreFinding(.ok, "clock", message) }
    return StoreFinding(
      offset > Self.clockBound ? .problem : .warning, "clock", message,
      advice: "run a time service (chrony, systemd-timesyncd) on both machines; over 500 ms nothing is sent")
  }

  /// How many calendar years zone data may lie behind. Governments change their clocks every year.
  private static let zoneYears = 1

  private var zones: StoreFinding {
    let message = "time zone data is of edition \(zoneVersion)"
    guard let year = Int(zoneVersion.prefix(4)), zoneVersion.count <= 6 else {
      return StoreFinding(.warning, "zones", message, advice: "install tzdata with its file tzdata.zi")
    }
    // The mean Gregorian year; a few hours do not matter here.
    let current = 1970 + Int(now.microseconds / 1_000_000 / 31_556_952)
    guard current - year > Self.zoneYears else { return StoreFinding(.ok, "zones", message) }
    return StoreFinding(
      .warning, "zones", "\(message), \(current - year) years old",
      advice: "update the package tzdata: clocks change by law, and events with them")
  }

  private var pluginFindings: [StoreFinding] {
    let troubled = plugins.filter { $0.state != .loaded }
    guard !troubled.isEmpty else { return [StoreFinding(.ok, "plugins", "loaded: \(plugins.count)")] }
    return troubled.map { plugin in
      let heals = plugin.state == .stopped || plugin.state == .quarantined
      let isWarning = heals || plugin.state == .disabled && plugin.isDisabledByChoice
      let wait = plugin.process?.quarantinedUntil.map { " for \(max(0, ($0 - now).microseconds / 1_000_000)) s" } ?? ""
      return StoreFinding(
        isWarning ? .warning : .problem, "plugins", "\(plugin.name) is \(plugin.state)\(wait): \(plugin.problem)",
        advice: "ctl plugin get \(plugin.name)" + (heals ? "; ctl plugin logs \(plugin.name)" : ""))
    }
  }

  private var sinkFindings: [StoreFinding] {
    guard !status.troubles.isEmpty else {
      return [StoreFinding(.ok, "sinks", "no sink is out of use here")]
    }
    return status.troubles.map { trouble in
      StoreFinding(
        trouble.heals ? .warning : .problem, "sinks",
        "nothing is sent to \(trouble.namespace)/\(trouble.sink): \(trouble.reason)",
        advice: trouble.heals
          ? "it is tried again by itself; see that its server answers" : "ctl sink get \(trouble.sink)")
    }
  }
}
