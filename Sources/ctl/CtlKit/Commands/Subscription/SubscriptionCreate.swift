import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct SubscriptionCreate: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Send events of a type to a sink.",
    discussion: """
      Examples:
        ctl subscription create birthdays --event-type birthday --sink partner
        ctl subscription create team --event-type reminder --sink partner \\
          --condition "user.locale.startsWith('de')" --quiet 22:00-07:30 --digest 1h
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "The new subscription's id.") var id: String
  @OptionGroup var fields: SubscriptionFields
  @Flag(help: "Only check it.") var dryRun = false
  @OptionGroup var retry: RequestKey

  func validate() throws {
    if fields.type == nil || fields.sink == nil { throw ValidationError("--event-type and --sink are needed") }
  }

  func perform(_ session: Session) async throws {
    var subscription = Carillon_V1_Subscription()
    _ = try fields.apply(to: &subscription, session)
    let complete = subscription
    let request = Carillon_V1_CreateSubscriptionRequest.with {
      $0.parent = session.parent(.subscriptions)
      $0.subscriptionID = id
      $0.subscription = complete
      $0.validateOnly = dryRun
      $0.requestID = retry.requestId
    }
    let answer = try await session.client.call {
      try await session.client.subscriptions.createSubscription(request, options: $0)
    }
    try session.printer.one(answer)
  }
}
