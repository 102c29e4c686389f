/// How `ctl` ends, for scripts.
enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done.
  case done = 0
  /// The work failed, or a difference was found.
  case failed = 1
  /// The agent cannot be reached.
  case unreachable = 3
  /// The caller may not do this, or is not known.
  case notAllowed = 4
  /// The resource does not exist.
  case notFound = 5
  /// It exists already, or has changed meanwhile, or is in a state that forbids this.
  case conflict = 6
  /// The time given did not suffice.
  case timeout = 7
  /// Part of the work was done, part failed.
  case partial = 8
  /// The command line or a file given to it is wrong (EX_USAGE of sysexits.h).
  case usage = 64

  /// For help and manual pages.
  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed or a difference found"
    case .unreachable: "unreachable"
    case .notAllowed: "not allowed"
    case .notFound: "not found"
    case .conflict: "conflict"
    case .timeout: "timeout"
    case .partial: "partial"
    case .usage: "usage"
    }
  }
}
