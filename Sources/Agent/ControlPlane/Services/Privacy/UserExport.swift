import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Everything that is kept about a person, a record at a time. Read by the page, so that memory is bounded whatever there
/// is; what changes meanwhile may be shown as it was before or after.
struct UserExport {
  private static let pageSize = 100

  let environment: Environment
  let name: ResourceName
  private var store: any Store { environment.store }
  private var namespace: String { name.namespace }

  /// Writes it all; the user first.
  func run(into writer: RPCWriter<Carillon_V1_ExportUserResponse>) async throws {
    let user = try await environment.naming(name) { try await store.user(namespace: namespace, id: name.id) }
    try await writer.write(.with { $0.user = Carillon_V1_User(user) })
    try await schedules(into: writer)
    try await events(into: writer)
    try await deadLetters(into: writer)
    try await messages(into: writer)
  }

  private func schedules(into writer: RPCWriter<Carillon_V1_ExportUserResponse>) async throws {
    let filter = ScheduleFilter(userID: name.id)
    try await eachPage { page in
      let page = try await store.schedules(namespace: namespace, filter: filter, page: page)
      for schedule in page.items {
        let shown = try Carillon_V1_Schedule(schedule)
        try await writer.write(.with { $0.schedule = shown })
      }
      return page.next
    }
  }

  private func events(into writer: RPCWriter<Carillon_V1_ExportUserResponse>) async throws {
    let filter = EventFilter(userID: name.id)
    try await eachPage { page in
      let page = try await store.events(namespace: namespace, filter: filter, page: page)
      for event in page.items {
        let steps = try await ifFound { () throws(StoreError) in
          try await store.history(namespace: namespace, identity: event.identity)
        }
        let shown = Carillon_V1_ExportedEvent.with {
          $0.event = Carillon_V1_Event(event, zones: environment.zones)
          $0.steps = History.steps(steps ?? [])
        }
        try await writer.write(.with { $0.event = shown })
      }
      return page.next
    }
  }

  private func deadLetters(into writer: RPCWriter<Carillon_V1_ExportUserResponse>) async throws {
    let filter = DeadLetterFilter(userID: name.id)
    try await eachPage { page in
      let page = try await store.deadLetters(namespace: namespace, filter: filter, page: page)
      for letter in page.items {
        let shown = Carillon_V1_DeadLetter(letter, steps: try await environment.steps(of: letter))
        try await writer.write(.with { $0.deadLetter = shown })
      }
      return page.next
    }
  }

  private func messages(into writer: RPCWriter<Carillon_V1_ExportUserResponse>) async throws {
    try await eachPage { page in
      let page = try await store.storedMessages(namespace: namespace, user: name.id, page: page)
      for message in page.items {
        let shown = Carillon_V1_StoredMessage(message, namespace: namespace)
        try await writer.write(.with { $0.message = shown })
      }
      return page.next
    }
  }

  /// Runs `body` for each page until there is none; it answers the next page's token.
  private func eachPage(_ body: (PageRequest) async throws -> String) async throws {
    var token = ""
    repeat {
      try Task.checkCancellation()
      token = try await body(PageRequest(size: Self.pageSize, token: token))
    } while !token.isEmpty
  }
}
