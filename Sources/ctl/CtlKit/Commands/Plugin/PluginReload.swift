import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct PluginReload: PluginAction {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Put a new version in a plugin's place without losing a delivery.",
    discussion: """
      New work goes to the new version, the old one finishes what it has. If the new one fails more often than the old \
      one did, the old one comes back by itself: that is its trial. With --wait: exit 1 when that happened, 7 when the \
      trial has not ended in time. --agent takes one agent of several. When the agent starts anew its folders say which \
      version it is.

      Examples:
        ctl plugin reload ring --wait
        ctl plugin reload ring --file ring-2.so --trial-deliveries 1000 --trial-time 30m
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .plugins)) var id: String
  @Option(help: "The new version's file in a plugin folder (default: the plugin's own file, as it is now).")
  var file = ""
  @OptionGroup var choice: PluginFileChoice
  @Option(help: "Deliveries that the trial takes, at most 100000.") var trialDeliveries: Int32 = 200
  @Option(help: "How long the trial takes at most, up to 24h.") var trialTime = TimeSpan(milliseconds: 600_000)
  @Flag(help: "No trial: the new version stays, whatever it does.") var noTrial = false
  @Flag(help: "Wait for the end of the trial.") var wait = false
  @Option(help: "Do it only if it still has this etag.") var etag = ""
  @OptionGroup var terms: PluginTerms
  @OptionGroup var confirmation: Confirmation

  var question: String { "Reload \(id)" }

  func validate() throws {
    if trialDeliveries < 1 { throw ValidationError("--trial-deliveries: must be at least 1; --no-trial for none") }
  }

  func ask(_ session: Session) async throws -> Carillon_V1_Plugin {
    let name = try session.name(.plugins, id)
    let isolation = try choice.wantedIsolation
    let request = Carillon_V1_ReloadPluginRequest.with {
      $0.name = name
      $0.file = file
      $0.digest = choice.digest
      $0.isolation = isolation
      $0.trialDeliveries = noTrial ? 0 : trialDeliveries
      if !noTrial { $0.trialTime = .init(trialTime) }
      ($0.etag, $0.validateOnly, $0.requestID) = (etag, terms.dryRun, terms.requestId)
    }
    let plugin = try await session.client.call {
      try await session.client.plugins.reloadPlugin(request, options: $0)
    }
    guard wait, !noTrial, !terms.dryRun else { return plugin }
    return try await TrialWaiting.end(of: plugin, session, within: trialTime)
  }

  func judge(_ answer: Carillon_V1_Plugin) throws {
    guard wait, !noTrial, !terms.dryRun else { return }
    switch answer.trial.state {
    case .rolledBack:
      throw CtlError(
        .failed, "version \(answer.trial.version) was rolled back: \(answer.trial.reason)",
        hint: "see what it said: ctl plugin logs \(id)")
    case .running:
      throw CtlError(
        .timeout, "the trial of version \(answer.trial.version) goes on still", hint: "see: ctl plugin get \(id)")
    default: return
    }
  }
}
