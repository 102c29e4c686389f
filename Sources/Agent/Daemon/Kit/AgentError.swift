import Glibc

/// Why the agent could not start, or ended; and with which exit code (sysexits.h).
struct AgentError: Error, CustomStringConvertible {
  /// A sentence for people.
  var description: String
  /// EX_CONFIG, EX_UNAVAILABLE, EX_CANTCREAT or EX_SOFTWARE.
  var exitCode: Int32

  init(_ description: String, exitCode: Int32 = EX_UNAVAILABLE) {
    self.description = description
    self.exitCode = exitCode
  }
}
