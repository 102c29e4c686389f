import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct SubscriptionUpdate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Change a subscription. A filter is replaced as a whole.",
    discussion: "Example:\n  ctl subscription update birthdays --filter attributes.team=blue")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .subscriptions)) var id: String
  @OptionGroup var fields: SubscriptionFields
  @Flag(help: "Let everything of the type pass.") var noFilter = false
  @Flag(help: "Deliver at any hour.") var noQuiet = false
  @Flag(help: "Send each event by itself.") var noDigest = false
  @Option(help: "Change it only if it still has this etag.") var etag = ""
  @Flag(help: "Only check it.") var dryRun = false

  func perform(_ session: Session) async throws {
    var subscription = Carillon_V1_Subscription()
    subscription.name = try session.name(.subscriptions, id)
    subscription.etag = etag
    var paths = try fields.apply(to: &subscription, session)
    try paths.set("filter", noFilter ? true : nil) { _ in subscription.filter = [:] }
    try paths.set("condition", noFilter ? true : nil) { _ in subscription.condition = "" }
    try paths.set("quiet_hours", noQuiet ? true : nil) { _ in subscription.clearQuietHours() }
    try paths.set("digest", noDigest ? true : nil) { _ in subscription.clearDigest() }
    let complete = subscription
    let mask = try paths.mask()
    let request = Carillon_V1_UpdateSubscriptionRequest.with {
      $0.subscription = complete
      $0.updateMask = mask
      $0.validateOnly = dryRun
    }
    let answer = try await session.client.call {
      try await session.client.subscriptions.updateSubscription(request, options: $0)
    }
    try session.printer.one(answer)
  }
}
