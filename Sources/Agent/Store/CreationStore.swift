public import EventModel

/// What makes a repeated call to create something the same call.
public struct RequestID: Hashable, Sendable {
  /// How long it is remembered.
  public static let keptFor = TimeSpan.hours(24)

  /// As the caller chose it: 1 to 200 printable ASCII characters.
  public var id: String
  /// What the caller asked for, as bytes that are equal for equal wishes: the request without this id, serialised with
  /// sorted maps. The store keeps a keyed hash of it.
  public var content: [UInt8]
  /// Where it counts, of what one agent does for itself: that run of it, 1 to 63 characters. Empty: in the whole store.
  public var scope: String

  /// Makes one.
  public init(id: String, content: [UInt8], scope: String = "") {
    self.id = id
    self.content = content
    self.scope = scope
  }
}

/// What became of a wish to create something.
public struct Creation: Hashable, Sendable {
  /// What was done; of a repeated call, what was done the first time.
  public var result: ChangeResult
  /// The id or name of what was made: of a repeated call that of the first time, whatever this one's draft says.
  public var id: String
  /// Whether the same call was made before: nothing was changed.
  public var isRepeated: Bool

  /// Makes an answer.
  public init(result: ChangeResult, id: String, isRepeated: Bool) {
    self.result = result
    self.id = id
    self.isRepeated = isRepeated
  }
}

/// Creating with a request id.
public protocol CreationStore: Sendable {
  /// Makes one change that creates something, or records what was done with a plugin, as `commit` does. The same request id again, for the same kind of thing and
  /// the same namespace within ``RequestID/keptFor``, answers the same again and changes nothing, even if the thing was
  /// changed or deleted meanwhile.
  /// - Throws: `.conflict` when the request id was used for another content, `.invalid` for a bad id or a change that
  ///   creates nothing; else as `commit`.
  func create(
    _ change: Change, request: RequestID, actor: Actor, dryRun: Bool, now: Timestamp
  ) async throws(StoreError) -> Creation
}
