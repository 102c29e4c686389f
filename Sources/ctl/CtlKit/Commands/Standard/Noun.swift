/// A kind of resource with the methods that all kinds have.
protocol Noun: Sendable {
  associatedtype Resource: TableRow & Sendable & Equatable

  static var kind: ResourceKind { get }
  static func get(_ client: Client, name: String) async throws(CtlError) -> Resource
  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Resource>
  /// What tells changes of these, by full name, or of all; nil: the API has no such watch.
  static func stream(only: Set<String>) -> RowStream<Resource>?
}

extension Noun {
  static func stream(only: Set<String>) -> RowStream<Resource>? { nil }

  /// Nil: there is none of the name.
  static func find(_ client: Client, _ name: String) async throws(CtlError) -> Resource? {
    do { return try await get(client, name: name) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }
}

/// A noun whose resources can be deleted.
protocol DeletableNoun: Noun {
  /// `etag`: empty, or what the resource must still have.
  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError)
}

struct PageRequest: Sendable {
  var parent: String
  var size: Int32
  var token: String
  /// A condition in the language of subscriptions; empty: all.
  var filter = ""
}

struct Page<Resource: Sendable>: Sendable {
  var items: [Resource]
  /// Empty on the last page.
  var next: String
}

/// Follows page tokens, for all lists.
enum Paging {
  /// Resources asked for at a time.
  static let pageSize = 500

  /// Hands each page to `body` until the list or `limit` ends.
  static func each<Resource: Sendable>(
    limit: Int?, fetch: (_ size: Int32, _ token: String) async throws(CtlError) -> Page<Resource>,
    body: ([Resource]) throws(CtlError) -> Void
  ) async throws(CtlError) {
    var left = limit ?? .max
    var token = ""
    while left > 0 {
      let page = try await fetch(Int32(min(left, pageSize)), token)
      try body(Array(page.items.prefix(left)))
      left -= min(left, page.items.count)
      if page.next.isEmpty { return }
      guard page.next != token else {
        throw CtlError(.failed, "the agent answers the same page again and again")
      }
      token = page.next
    }
  }
}
