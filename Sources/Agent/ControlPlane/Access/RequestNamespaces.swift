import ControlAPI

/// A request about one namespace: which it is, its resource names say. One request type after another stands below; a type
/// that does not reaches nothing for callers who may reach some namespaces only.
protocol NamespacedRequest {
  /// Every name in it that the service goes by.
  var resourceNames: [String] { get }
}

/// A request about what is in its parent.
protocol RequestByParent: NamespacedRequest {
  var parent: String { get }
}

extension RequestByParent {
  var resourceNames: [String] { [parent] }
}

/// A request about what has its name.
protocol RequestByName: NamespacedRequest {
  var name: String { get }
}

extension RequestByName {
  var resourceNames: [String] { [name] }
}

/// Reads the namespaces out of requests.
enum RequestNamespaces {
  /// What a message reaches: the namespaces of all names in it. ``RequestReach/untold`` when its type is not declared here,
  /// when it names nothing, or when one of the names is no namespace's.
  static func reach(of message: Any) -> RequestReach {
    guard let request = message as? any NamespacedRequest else { return .untold }
    var found: Set<String> = []
    for name in request.resourceNames {
      guard let namespace = namespace(of: name) else { return .untold }
      found.insert(namespace)
    }
    return found.isEmpty ? .untold : .namespaces(found)
  }

  /// `default` of `namespaces/default/users/ada`; nil for other names.
  private static func namespace(of name: String) -> String? {
    guard name.utf8.count <= ResourceName.maximumBytes else { return nil }
    let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == ResourceKind.namespace.rawValue, !parts[1].isEmpty else { return nil }
    return String(parts[1])
  }
}

extension Carillon_V1_CreateEventRequest: RequestByParent {}
extension Carillon_V1_CreateScheduleRequest: RequestByParent {}
extension Carillon_V1_CreateSinkRequest: RequestByParent {}
extension Carillon_V1_CreateSubscriptionRequest: RequestByParent {}
extension Carillon_V1_CreateTemplateRequest: RequestByParent {}
extension Carillon_V1_CreateUserRequest: RequestByParent {}
extension Carillon_V1_ImportUsersRequest: RequestByParent {}
extension Carillon_V1_ListDeadLettersRequest: RequestByParent {}
extension Carillon_V1_ListEventsRequest: RequestByParent {}
extension Carillon_V1_ListSchedulesRequest: RequestByParent {}
extension Carillon_V1_ListSinksRequest: RequestByParent {}
extension Carillon_V1_ListSubscriptionsRequest: RequestByParent {}
extension Carillon_V1_ListTemplatesRequest: RequestByParent {}
extension Carillon_V1_ListUpcomingRequest: RequestByParent {}
extension Carillon_V1_ListUsersRequest: RequestByParent {}
extension Carillon_V1_MoveEventsRequest: RequestByParent {}
extension Carillon_V1_ReplanSchedulesRequest: RequestByParent {}
extension Carillon_V1_ReplayDeadLettersRequest: RequestByParent {}
extension Carillon_V1_WatchChangesRequest: RequestByParent {}
extension Carillon_V1_WatchReceiptsRequest: RequestByParent {}

extension Carillon_V1_CancelEventRequest: RequestByName {}
extension Carillon_V1_DeleteScheduleRequest: RequestByName {}
extension Carillon_V1_DeleteSinkRequest: RequestByName {}
extension Carillon_V1_DeleteSubscriptionRequest: RequestByName {}
extension Carillon_V1_DeleteTemplateRequest: RequestByName {}
extension Carillon_V1_DeleteUserRequest: RequestByName {}
extension Carillon_V1_DiscardDeadLetterRequest: RequestByName {}
extension Carillon_V1_EnableEndpointRequest: RequestByName {}
extension Carillon_V1_EraseUserRequest: RequestByName {}
extension Carillon_V1_ExplainEventRequest: RequestByName {}
extension Carillon_V1_ExportUserRequest: RequestByName {}
extension Carillon_V1_GetDeadLetterRequest: RequestByName {}
extension Carillon_V1_GetEventRequest: RequestByName {}
extension Carillon_V1_GetScheduleRequest: RequestByName {}
extension Carillon_V1_GetSinkRequest: RequestByName {}
extension Carillon_V1_GetSubscriptionRequest: RequestByName {}
extension Carillon_V1_GetTemplateRequest: RequestByName {}
extension Carillon_V1_GetUserRequest: RequestByName {}
extension Carillon_V1_ListGoneEndpointsRequest: RequestByName {}
extension Carillon_V1_MoveEventRequest: RequestByName {}
extension Carillon_V1_MoveOccurrenceRequest: RequestByName {}
extension Carillon_V1_ReplayDeadLetterRequest: RequestByName {}
extension Carillon_V1_RestoreOccurrenceRequest: RequestByName {}
extension Carillon_V1_RunScheduleRequest: RequestByName {}
extension Carillon_V1_SkipOccurrenceRequest: RequestByName {}
extension Carillon_V1_TestSinkRequest: RequestByName {}

extension Carillon_V1_PreviewScheduleRequest: NamespacedRequest {
  var resourceNames: [String] { name.isEmpty ? [parent] : [parent, name] }
}
extension Carillon_V1_UpdateScheduleRequest: NamespacedRequest {
  var resourceNames: [String] { [schedule.name] }
}
extension Carillon_V1_UpdateSinkRequest: NamespacedRequest {
  var resourceNames: [String] { [sink.name] }
}
extension Carillon_V1_UpdateSubscriptionRequest: NamespacedRequest {
  var resourceNames: [String] { [subscription.name] }
}
extension Carillon_V1_UpdateTemplateRequest: NamespacedRequest {
  var resourceNames: [String] { [template.name] }
}
extension Carillon_V1_UpdateUserRequest: NamespacedRequest {
  var resourceNames: [String] { [user.name] }
}
