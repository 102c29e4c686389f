public import EventModel

// To be removed when every backend has these verbs.
extension ResourceStore {
  public func erase(
    namespace: String, user: String, _ precondition: Precondition, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Erasure { throw StoreError(.unknown, "not yet") }
}

extension InspectionStore {
  public func deadLetters(namespace: String, filter: DeadLetterFilter, page: PageRequest) async throws(StoreError)
    -> Page<DeadLetter>
  { throw StoreError(.unknown, "not yet") }
  public func deadLetter(namespace: String, id: Int64) async throws(StoreError) -> DeadLetter {
    throw StoreError(.unknown, "not yet")
  }
  public func storedMessages(namespace: String, user: String, page: PageRequest) async throws(StoreError)
    -> Page<StoredMessage>
  { Page(items: [], next: "") }
  public func template(namespace: String, id: String) async throws(StoreError) -> MessageTemplate {
    throw StoreError(.unknown, "not yet")
  }
  public func templates(namespace: String, eventType: String?, page: PageRequest) async throws(StoreError)
    -> Page<MessageTemplate>
  { Page(items: [], next: "") }
  public func allTemplates() async throws(StoreError) -> [MessageTemplate] { [] }
  public func stopOrder() async throws(StoreError) -> StopOrder? { nil }
}
