import Synchronization

/// After a refused login nobody tries the same credentials for a while: many servers lock an account after a few wrong
/// passwords, and every mail that waits would be one. Others are tried at once.
final class LoginPause: Sendable {
  private struct Refusal {
    var credentials: SMTPCredentials
    var untilNanoseconds: Int64
  }

  private let milliseconds: Int
  private let last = Mutex<Refusal?>(nil)

  init(milliseconds: Int) { self.milliseconds = milliseconds }

  func begin(_ credentials: SMTPCredentials, atNanoseconds now: Int64) {
    let end = MonotonicTime.after(milliseconds: milliseconds, from: now)
    last.withLock { $0 = Refusal(credentials: credentials, untilNanoseconds: end) }
  }

  /// Whether these must not be tried now.
  func holds(_ credentials: SMTPCredentials, atNanoseconds now: Int64) -> Bool {
    last.withLock { last in last.map { now < $0.untilNanoseconds && credentials == $0.credentials } ?? false }
  }
}
