public import EventModel
public import Store

extension SQLStore {
  /// See ``InspectionStore``.
  public func deadLetters(
    namespace: String, filter: DeadLetterFilter, page: PageRequest
  ) async throws(StoreError) -> Page<DeadLetter> {
    try await read(.mayLag) { try $0.deadLetters(namespace, filter, page) }
  }

  /// See ``InspectionStore``.
  public func deadLetter(namespace: String, id: Int64) async throws(StoreError) -> DeadLetter {
    try await read(.mayLag) { try $0.deadLetter(namespace, id) }
  }

  /// See ``InspectionStore``.
  public func storedMessages(
    namespace: String, user: String, page: PageRequest
  ) async throws(StoreError) -> Page<StoredMessage> {
    try await read(.mayLag) { try $0.storedMessages(namespace, user: user, page) }
  }

  /// See ``InspectionStore``.
  public func template(namespace: String, id: String) async throws(StoreError) -> MessageTemplate {
    try await read(.mayLag) { try $0.template(namespace, id) }
  }

  /// See ``InspectionStore``.
  public func templates(
    namespace: String, eventType: String?, page: PageRequest
  ) async throws(StoreError) -> Page<MessageTemplate> {
    try await read(.mayLag) { try $0.templates(namespace, eventType: eventType, page) }
  }

  /// See ``InspectionStore``.
  public func allTemplates() async throws(StoreError) -> [MessageTemplate] {
    try await read(.mayLag) { try $0.allTemplates() }
  }

  /// See ``InspectionStore``.
  public func stopOrder() async throws(StoreError) -> StopOrder? {
    try await read(.mayLag) { try $0.stopOrder() }
  }
}
