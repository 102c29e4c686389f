import EventModel
import Store

extension Session {
  func accessList(besides known: Int64?) throws -> AccessList? {
    let revision = try counter(.accessRevision)
    guard revision != known else { return nil }
    return AccessList(
      revision: revision, tokens: try liveTokens(), grants: try allGrants(), denials: try allDenials())
  }

  /// - Throws: `.failedPrecondition` when there are as many as agents keep in memory.
  func requireAccessRoom(_ table: String, _ what: String) throws {
    let count = try query("SELECT count(*) FROM \(table)").only { $0.int(0) }
    guard count < AccessList.maximumOfEach else {
      throw StoreError(
        .failedPrecondition, "there are \(count) \(what), the most that are kept; delete those that nobody needs")
    }
  }
}
