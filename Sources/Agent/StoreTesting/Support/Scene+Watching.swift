import EventModel
import Store

extension Scene {
  /// How often it is looked whether watchers have caught up, and how many times at most: some 20 seconds.
  private static let looks = (every: Duration.milliseconds(10), atMost: 2_000)

  /// Waits until watchers see all that was committed so far. Where transactions run side by side they are shown nothing
  /// while an older one is under way, be it of another test: so something is committed that nobody else looks for, and what
  /// came before it is seen when it is.
  func watchersCatchUp() async throws {
    let mark = "mark-\(UInt64.random(in: 0 ... .max))"
    try await commit(.putUser(User(namespace: "marks", id: mark), .none))
    var cursor = ""
    for _ in 0..<Self.looks.atMost {
      let page = try await store.changes(namespace: "marks", kinds: [.userCreated], after: cursor, limit: 1_000)
      if page.items.contains(where: { $0.userID == mark }) { return }
      if page.next == cursor { try await Task.sleep(for: Self.looks.every) }
      cursor = page.next
    }
    throw ConformanceFailure(description: "expected watchers to see what was committed, but they do not")
  }
}
