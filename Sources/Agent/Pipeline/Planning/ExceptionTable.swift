import CivilTime
import EventModel

/// What people said about single occurrences of a schedule, by key. Pure.
///
/// The occurrences of a schedule are those of its series whose key nobody moved, and those that somebody moved, at the
/// time that was said. A moved one needs no place in the series: its key alone names it, so that it takes place also
/// earlier or later than the regular one would, and beyond the end of the series.
struct ExceptionTable: Sendable {
  /// A moved occurrence.
  struct Moved: Hashable, Sendable {
    var key: String
    var dueAt: Timestamp
  }

  /// What is said of a regular occurrence.
  enum Verdict: Hashable, Sendable {
    /// Nothing.
    case asPlanned
    /// It is not sent; why, for people.
    case skipped(detail: String)
    /// It is not now but another time.
    case moved
  }

  private let byKey: [String: OccurrenceException]

  /// Makes a table.
  init(_ exceptions: [OccurrenceException]) {
    byKey = exceptions.isEmpty ? [:] : Dictionary(exceptions.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
  }

  /// What is said of an occurrence, by its own key: of two that a fold makes, each has its own.
  func verdict(on key: String) -> Verdict {
    guard !byKey.isEmpty, let exception = byKey[key] else { return .asPlanned }
    switch exception.action {
    case .skip: return .skipped(detail: exception.reason.isEmpty ? Self.noReason : exception.reason)
    case .move: return .moved
    }
  }

  /// Whether a person wants it skipped.
  func isSkipped(_ key: String) -> Bool { if case .skipped = verdict(on: key) { true } else { false } }

  /// The moved ones, the earliest first. One whose new time the zone skips takes place no more than a regular one there;
  /// one whose new time comes twice takes place once, the first time unless it says that it is the second.
  /// - Throws: `PipelineError` for a time that is none.
  func moved(_ resolver: OccurrenceResolver) throws(PipelineError) -> [Moved] {
    var found: [Moved] = []
    for (key, exception) in byKey {
      guard case .move(let fields) = exception.action else { continue }
      do {
        if let dueAt = try resolver.instant(of: fields) { found.append(Moved(key: key, dueAt: dueAt)) }
      } catch {
        throw PipelineError(.unplannable, "occurrence \(key) is moved to a time that is none", cause: error)
      }
    }
    return found.sorted { ($0.dueAt, $0.key) < ($1.dueAt, $1.key) }
  }

  private static let noReason = "a person asked to skip it"
}
