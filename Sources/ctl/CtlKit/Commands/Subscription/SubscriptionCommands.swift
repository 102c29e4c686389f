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
