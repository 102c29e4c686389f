import ControlAPI
import SwiftProtobuf

/// Looks at a plugin until the trial of its new version has ended.
enum TrialWaiting {
  /// Time between two looks.
  static let pause = Duration.milliseconds(250)
  /// How long after a trial's time its end is waited for.
  static let grace = Duration.seconds(30)

  /// The plugin after its trial, or as it is when the time is up.
  /// - Throws: `.conflict` when somebody else reloaded it meanwhile, so that there is no telling what became of this trial.
  static func end(
    of plugin: Carillon_V1_Plugin, _ session: Session, within: TimeSpan
  ) async throws -> Carillon_V1_Plugin {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: within.duration + grace)
    let place = session.connection.isFleet ? " at \(session.agent)" : ""
    let bar = Progress("deliveries" + place, around: session.around)
    defer { bar.finish() }
    var now = plugin
    while now.trial.state == .running, clock.now < end {
      try await clock.sleep(for: pause)
      now = try await Plugins.get(session.client, name: plugin.name)
      guard now.trial.version == plugin.trial.version, now.trial.startTime == plugin.trial.startTime else {
        throw CtlError(.conflict, "it was reloaded once more meanwhile", hint: "see: ctl plugin get \(plugin.name)")
      }
      bar.update(
        done: now.trial.deliveries, of: now.trial.wantedDeliveries, count: Int(clamping: now.trial.deliveries))
    }
    return now
  }
}
