import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl subscription`
struct SubscriptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subscription", abstract: "Which events go to which sinks.",
    subcommands: [
      ListCommand<Subscriptions>.self, GetCommand<Subscriptions>.self, SubscriptionCreate.self,
      SubscriptionUpdate.self, DeleteCommand<Subscriptions>.self, SubscriptionTest.self,
    ], aliases: ["subscriptions"])
}

enum Subscriptions: DeletableNoun {
  static let kind = ResourceKind.subscriptions

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Subscription {
    try await client.call { try await client.subscriptions.getSubscription(.with { $0.name = name }, options: $0) }
  }

  static func page(
    _ client: Client, _ request: PageRequest
  ) async throws(CtlError) -> Page<Carillon_V1_Subscription> {
    let message = Carillon_V1_ListSubscriptionsRequest.with {
      $0.parent = request.parent
      $0.pageSize = request.size
      $0.pageToken = request.token
      $0.filter = request.filter
    }
    let answer = try await client.call { try await client.subscriptions.listSubscriptions(message, options: $0) }
    return Page(items: answer.subscriptions, next: answer.nextPageToken)
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteSubscriptionRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.subscriptions.deleteSubscription(message, options: $0) }
  }
}

extension Carillon_V1_Subscription: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("TYPE"), .init("SINK"), .init("FILTER"), .init("QUIET", isWide: true),
    .init("DIGEST", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    var conditions = filter.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    if !condition.isEmpty { conditions.append(condition) }
    return [
      .init(show.id(name)), .init(eventType), .init(show.id(sink)),
      .init(show.text(conditions.joined(separator: ", "))),
      .init(hasQuietHours ? "\(quietHours.from)-\(quietHours.until)" : ValueText.none),
      .init(hasDigest ? "\(show.duration(digest.window, isSet: true)), \(digest.maxEvents) events" : ValueText.none),
    ]
  }
}

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
