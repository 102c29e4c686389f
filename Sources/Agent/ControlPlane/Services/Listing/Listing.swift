import EventModel
import Store
import SwiftProtobuf

extension Environment {
  /// Items of the store that one call looks at for a filter; the next page goes on from there.
  static let maximumScanned = 5_000
  /// Items that are read at once for it.
  private static let scanStep = 500
  /// JSON that a filtered page may have before it ends short: with what one more step finds it still fits in an answer.
  private static let maximumFilteredBytes = 512 * 1_024

  /// One page of a list, of what a filter wants. With a filter, a page may come short, or empty, and still have a next.
  func listed<Item: Sendable, Shown: SwiftProtobuf.Message>(
    _ asked: PageRequest, _ filter: ListFilter<Shown>?, _ list: (PageRequest) async throws -> Page<Item>,
    show: (Item) async throws -> Shown
  ) async throws -> Page<Shown> {
    guard let filter else {
      let page = try await list(asked)
      var shown: [Shown] = []
      for item in page.items { shown.append(try await show(item)) }
      return Page(items: shown, next: page.next)
    }
    var result = Page<Shown>(items: [], next: asked.token)
    var (scanned, bytes) = (0, 0)
    repeat {
      let step = try await scan(
        PageRequest(size: Self.scanStep, token: result.next), room: asked.size - result.items.count, filter, list,
        show: show)
      result.items += step.wanted
      result.next = step.next
      scanned += step.scanned
      bytes += step.bytes
    } while !result.next.isEmpty && result.items.count < asked.size && scanned < Self.maximumScanned
      && bytes < Self.maximumFilteredBytes
    return result
  }

  private struct Step<Shown> {
    var wanted: [Shown] = []
    var scanned = 0
    var bytes = 0
    var next = ""
  }

  /// Reads on, and keeps what is wanted. Where more is wanted than there is room for, it is read again up to the last
  /// one that fits, so that the next page begins right behind it.
  private func scan<Item: Sendable, Shown: SwiftProtobuf.Message>(
    _ request: PageRequest, room: Int, _ filter: ListFilter<Shown>, _ list: (PageRequest) async throws -> Page<Item>,
    show: (Item) async throws -> Shown
  ) async throws -> Step<Shown> {
    var request = request
    while true {
      let page = try await list(request)
      var step = Step<Shown>(scanned: page.items.count, next: page.next)
      var lastThatFits = 0
      for (index, item) in page.items.enumerated() {
        let shown = try await show(item)
        let (isWanted, bytes) = try filter.wants(shown)
        guard isWanted else { continue }
        step.wanted.append(shown)
        step.bytes += bytes
        if step.wanted.count == room { lastThatFits = index }
      }
      guard step.wanted.count > room else { return step }
      request.size = lastThatFits + 1
    }
  }
}
