import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Which events go to which sinks.
struct SubscriptionsService: Carillon_V1_Subscriptions.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a subscription stand in a request.
  private static let path = FieldPath("subscription", renamed: ["id": "subscription_id", "namespace": "parent"])

  func createSubscription(
    request: Carillon_V1_CreateSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    let namespace = try ResourceName.namespace(request.parent)
    let name = ResourceName(kind: .subscription, namespace: namespace, id: request.subscriptionID)
    let subscription = try await draft(request.subscription, name: name)
    let made = try await environment.create(
      .putSubscription(subscription, .absent), request, about: name, path: Self.path, context: context)
    guard !request.validateOnly else { return Carillon_V1_Subscription(subscription) }
    return try await made.answer(Carillon_V1_Subscription(subscription), stored)
  }

  func getSubscription(
    request: Carillon_V1_GetSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    try await stored(ResourceName(request.name, kind: .subscription, field: "name"))
  }

  func listSubscriptions(
    request: Carillon_V1_ListSubscriptionsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListSubscriptionsResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try ListFilter<Carillon_V1_Subscription>(request.filter)
    let listing = ["subscriptions", namespace, request.filter]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.listed(asked, filter) {
      try await store.subscriptions(namespace: namespace, page: $0)
    } show: {
      Carillon_V1_Subscription($0)
    }
    return .with {
      $0.subscriptions = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateSubscription(
    request: Carillon_V1_UpdateSubscriptionRequest, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    let name = try ResourceName(request.subscription.name, kind: .subscription, field: "subscription.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_Subscription.maskFields,
      maps: Carillon_V1_Subscription.maskMaps)
    let etag = request.subscription.etag
    return try await environment.retryingConflicts(etag: etag) {
      let old = try await existing(name, allowMissing: request.allowMissing && etag.isEmpty)
      let subscription: Subscription
      if let old {
        subscription = try await changed(old, request.subscription, mask: mask)
      } else {
        subscription = try await draft(request.subscription, name: name)
      }
      let condition = try Etag.precondition(
        etag, otherwise: old.map { .revision($0.revision) } ?? .absent, name: name)
      return try await put(subscription, condition, name: name, dryRun: request.validateOnly, context: context)
    }
  }

  func deleteSubscription(
    request: Carillon_V1_DeleteSubscriptionRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .subscription, field: "name")
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteSubscription(namespace: name.namespace, id: name.id, condition), about: name, dryRun: false,
      context: context)
    return Google_Protobuf_Empty()
  }
}

extension SubscriptionsService {
  private func draft(_ message: Carillon_V1_Subscription, name: ResourceName) async throws -> Subscription {
    var violations = Violations()
    let subscription = Subscription(
      message, namespace: name.namespace, id: name.id, path: Self.path, violations: &violations)
    try await check(subscription, violations)
    return subscription
  }

  private func changed(
    _ old: Subscription, _ message: Carillon_V1_Subscription, mask: FieldMask
  ) async throws -> Subscription {
    var violations = Violations()
    var subscription = old
    subscription.apply(message, mask: mask, path: Self.path, violations: &violations)
    try await check(subscription, violations)
    return subscription
  }

  private func check(_ subscription: Subscription, _ found: Violations) async throws {
    var violations = found
    let sinkIsRead = !violations.found.contains { $0.field == Self.path.field("sink") }
    violations.collect(under: Self.path) { () throws(ModelError) in try subscription.check() }
    if subscription.filter.count > Subscription.maximumConditions {
      violations.add("subscription.filter", "must have at most \(Subscription.maximumConditions) entries")
    }
    let eventTypeIsRead = !violations.found.contains { $0.field == "subscription.event_type" }
    if eventTypeIsRead, subscription.eventType != Subscription.anyEventType {
      await environment.checkTopic(subscription.eventType, field: "subscription.event_type", &violations)
    }
    if sinkIsRead {
      try await environment.checkSink(
        subscription.sink, namespace: subscription.namespace, field: "subscription.sink", &violations)
    }
    try violations.check()
  }

  private func existing(_ name: ResourceName, allowMissing: Bool) async throws -> Subscription? {
    let found = try await ifFound { () throws(StoreError) in
      try await store.subscription(namespace: name.namespace, id: name.id)
    }
    if found == nil, !allowMissing { throw Failure.notFound(name) }
    return found
  }

  private func put(
    _ subscription: Subscription, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_Subscription {
    _ = try await environment.commit(
      .putSubscription(subscription, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    return dryRun ? Carillon_V1_Subscription(subscription) : try await stored(name)
  }

  private func stored(_ name: ResourceName) async throws -> Carillon_V1_Subscription {
    try await environment.naming(name) {
      Carillon_V1_Subscription(try await store.subscription(namespace: name.namespace, id: name.id))
    }
  }
}
