import EventModel
import Store

/// Page tokens are the place where the next page begins: the last name or number of this one. They hold whatever is
/// inserted or deleted between two pages.
enum Paging {
  static func check(_ page: PageRequest) throws(StoreError) {
    guard (1...PageRequest.maximumSize).contains(page.size) else {
      throw StoreError(
        ModelError(field: "page_size", "must be 1 to \(PageRequest.maximumSize), not \(page.size)"))
    }
  }

  /// A token of whole numbers; nil for the first page.
  static func numbers(_ token: String, count: Int, field: String = "page_token") throws(StoreError) -> [Int64]? {
    if token.isEmpty { return nil }
    let numbers = token.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
    guard numbers.count == count, numbers.allSatisfy({ $0 != nil }) else {
      throw StoreError(ModelError(field: field, "must be the token of the page before, as it was answered"))
    }
    return numbers.compactMap(\.self)
  }

  static func token(_ numbers: Int64...) -> String {
    numbers.map(String.init).joined(separator: ".")
  }

  /// A page from one item more than it may have.
  static func page<Item>(_ items: [Item], _ request: PageRequest, token: (Item) -> String) -> Page<Item> {
    guard items.count > request.size else { return Page(items: items, next: "") }
    let kept = Array(items.prefix(request.size))
    return Page(items: kept, next: kept.last.map(token) ?? "")
  }
}

extension StoreError {
  static func missing(_ what: String, _ id: String) -> StoreError {
    StoreError(.notFound, "there is no \(what) \"\(id)\"")
  }
}
