public import EventModel
import Store

/// Whether a store's content went to another store. A mark in `meta`, so that nothing is ever sent from both.
public enum MovedMark: Hashable, Sendable {
  /// A move to another store began, and it is not known to have ended.
  case moving(since: Timestamp)
  /// All of it is in another store.
  case moved(at: Timestamp)
}

extension Session {
  /// The mark of this store; nil when it is the one in use.
  package func movedMark() throws -> MovedMark? {
    let moved = try counter(.movedAt)
    if moved != 0 { return .moved(at: Timestamp(microseconds: moved)) }
    let moving = try counter(.movingSince)
    return moving == 0 ? nil : .moving(since: Timestamp(microseconds: moving))
  }

  /// Sets or removes the mark.
  package func setMovedMark(_ mark: MovedMark?) throws {
    var (moving, moved) = (Int64(0), Int64(0))
    switch mark {
    case .moving(let since): moving = since.microseconds
    case .moved(let at): moved = at.microseconds
    case nil: break
    }
    try setCounter(.movingSince, moving)
    try setCounter(.movedAt, moved)
  }

  /// - Throws: `.failedPrecondition` when the store has a mark.
  package func refuseMoved() throws {
    switch try movedMark() {
    case .moved(let time):
      throw StoreError(
        .failedPrecondition,
        "the store was moved to another one at \(time.text); agents must use that one (agent migrate-store --cancel says more)"
      )
    case .moving(let time):
      throw StoreError(
        .failedPrecondition,
        "a move of the store to another one began at \(time.text) and did not end; run agent migrate-store again, or give it up with --cancel"
      )
    case nil: break
    }
  }
}
