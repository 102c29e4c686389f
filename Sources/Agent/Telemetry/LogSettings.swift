public import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Level and form of all log lines; both may change at any time.
public final class LogSettings: Sendable {
  /// Index in `Logger.Level.allCases`: it is asked for at every line that might be written.
  private let levelIndex: Atomic<Int>
  private let writesJSON: Atomic<Bool>
  /// The last lines that were written.
  public let ring: LogRing

  /// Makes settings.
  public init(level: Logger.Level, format: LogFormat, ring: LogRing = LogRing()) {
    self.ring = ring
    levelIndex = Atomic(Self.index(level))
    writesJSON = Atomic(Self.isJSON(format))
  }

  /// The least level that is written.
  public var level: Logger.Level { Logger.Level.allCases[levelIndex.load(ordering: .relaxed)] }

  /// Whether a line is a JSON object.
  var isJSON: Bool { writesJSON.load(ordering: .relaxed) }

  /// Goes by these from now on.
  public func change(level: Logger.Level, format: LogFormat) {
    levelIndex.store(Self.index(level), ordering: .relaxed)
    writesJSON.store(Self.isJSON(format), ordering: .relaxed)
  }

  private static func index(_ level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }

  private static func isJSON(_ format: LogFormat) -> Bool {
    switch format {
    case .json: true
    case .logfmt: false
    case .auto: isatty(STDERR_FILENO) == 0
    }
  }
}
