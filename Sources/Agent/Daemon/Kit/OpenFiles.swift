import Glibc
import Logging

/// How many files the process may open: every send has a connection, and sinks halve what they find for their own.
enum OpenFiles {
  /// With fewer, thousands of sends at a time are not to be had.
  private static let enough: rlim_t = 16_384
  /// As many as are of use.
  private static let most: rlim_t = 65_536

  /// Raises the soft limit as far as the hard one lets it. Many systems start programs with 1,024.
  static func raise(_ logger: Logger) {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    if limit.rlim_cur < min(limit.rlim_max, most) {
      limit.rlim_cur = min(limit.rlim_max, most)
      if setrlimit(resource, &limit) != 0 { logger.warning("the limit of open files cannot be raised") }
    }
    if limit.rlim_cur < enough {
      logger.warning(
        "few files may be open: fewer sends at a time",
        metadata: ["limit": "\(limit.rlim_cur)", "enough": "\(enough)"])
    }
  }
}
