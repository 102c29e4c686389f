#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What is to be checked, and how.
public struct CheckOptions: Sendable {
  /// The plugin's file.
  public var file: String
  /// What everything random comes from.
  public var seed: UInt64
  /// Only these cases; all when empty.
  public var cases: [String] = []
  /// A configuration instead of those made from the schema, JSON; in this and in the next, `@PORT@` stands for a port where
  /// the check listens, `@FOLDER@` for a folder of the case's own.
  public var configuration = ""
  /// A definition, the same.
  public var definition = ""
  /// A user, as the plugin gets it.
  public var user = ""
  /// The address in each delivery.
  public var endpoint = ""
  /// How long one call into the plugin may take, in milliseconds.
  public var callLimitMilliseconds: Int64 = 5_000
  /// How long one case may take, in milliseconds.
  public var caseLimitMilliseconds: Int64 = 120_000
  /// Cases that run at the same time. One that misses a bound while others run is run again alone, and only that counts.
  public var jobs = defaultJobs
  /// The program that runs a case when it is told to (`CaseChild.runIfAsked`).
  public var program = "/proc/self/exe"

  /// As many as there are processors, at least 2, as some cases mostly wait, and at most 16.
  public static var defaultJobs: Int { min(max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16) }

  /// Checks a file with all cases.
  public init(file: String, seed: UInt64) { (self.file, self.seed) = (file, seed) }
}
