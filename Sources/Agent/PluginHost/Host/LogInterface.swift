import CPluginAPI
import Logging
import Synchronization

/// One plugin's lines in the agent's log: bounded in length and in number.
final class PluginLog: Sendable {
  /// Longest line, in bytes.
  static let maximumLineBytes = 4_096
  /// Lines a plugin may write at once.
  static let burst = 500
  /// Lines a second it may write for long.
  static let linesPerSecond: Int64 = 100

  private struct Budget {
    var tokens = burst
    var refilled: Int64
    var dropped = 0
    var staleTold: Int64?
  }

  private let logger: Logger
  private let now: @Sendable () -> Int64
  private let budget: Mutex<Budget>

  /// Makes a log; `logger` carries the plugin's name, `now` is a clock in nanoseconds.
  init(logger: Logger, now: @escaping @Sendable () -> Int64 = { MonotonicClock.now }) {
    self.logger = logger
    self.now = now
    budget = Mutex(Budget(refilled: now()))
  }

  func isEnabled(_ level: Logger.Level) -> Bool { level >= logger.logLevel }

  func write(_ level: Logger.Level, instance: String, _ message: String) {
    guard isEnabled(level) else { return }
    guard let dropped = spend() else { return }
    if dropped > 0 {
      logger.warning("\(dropped) lines of this plugin were dropped: more than \(Self.linesPerSecond)/s")
    }
    let metadata: Logger.Metadata? = instance.isEmpty ? nil : ["instance": "\(instance)"]
    logger.log(level: level, "\(message)", metadata: metadata)
  }

  /// Seconds between two lines about results that were not taken.
  static let staleSeconds: Int64 = 60

  /// Says, once in a while, that a result was not taken.
  func stale() {
    let isDue = budget.withLock { budget in
      let now = self.now()
      if let last = budget.staleTold, now - last < Self.staleSeconds * 1_000_000_000 { return false }
      budget.staleTold = now
      return true
    }
    guard isDue else { return }
    write(.warning, instance: "", Self.staleLine)
  }

  /// The same as in `host_delivery.c` of the runner.
  static let staleLine =
    "a delivery was completed that is not open: a second time, after its deadline, or with a ticket of nobody's; "
    + "that result was not taken"

  /// Takes a token; nil when there is none, else how many lines were dropped since the last one.
  private func spend() -> Int? {
    budget.withLock { budget in
      let now = self.now()
      let earned = (now - budget.refilled) / (1_000_000_000 / Self.linesPerSecond)
      if earned > 0 {
        budget.tokens = min(Self.burst, budget.tokens + Int(min(earned, Int64(Self.burst))))
        budget.refilled = now
      }
      guard budget.tokens > 0 else {
        budget.dropped += 1
        return nil
      }
      budget.tokens -= 1
      let dropped = budget.dropped
      budget.dropped = 0
      return dropped
    }
  }
}

/// `carillon.host.log/1`
enum LogInterface {
  /// Longest instance name in a line, in bytes.
  private static let maximumInstanceBytes = 128

  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_log_1 {
    carillon_host_log_1(
      struct_size: UInt32(MemoryLayout<carillon_host_log_1>.size), reserved: 0, context: context, enabled: enabled,
      write: writeLine)
  }

  private static let enabled: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { context, level in
    HostContext.of(context)?.log.isEnabled(Self.level(level)) == true ? 1 : 0
  }

  private static let writeLine: @convention(c) (UnsafeMutableRawPointer?, Int32, carillon_str, carillon_str) -> Void = {
    context, level, instance, message in
    guard let log = HostContext.of(context)?.log else { return }
    write(log, level, instance, message)
  }

  /// Writes a plugin's line.
  static func write(_ log: PluginLog, _ level: Int32, _ instance: carillon_str, _ message: carillon_str) {
    guard log.isEnabled(Self.level(level)) else { return }
    log.write(
      Self.level(level), instance: PlainText.oneLine(instance.text(maximumBytes: maximumInstanceBytes)),
      PlainText.oneLine(message.text(maximumBytes: PluginLog.maximumLineBytes)))
  }

  /// The lowest level that is written, as the ABI numbers them.
  static func lowest(_ log: PluginLog) -> Int32 {
    [CARILLON_LOG_DEBUG, CARILLON_LOG_INFO, CARILLON_LOG_WARNING].first { log.isEnabled(level($0)) }
      ?? CARILLON_LOG_ERROR
  }

  /// A level that is not known counts as the nearest that is.
  private static func level(_ value: Int32) -> Logger.Level {
    switch value {
    case ...CARILLON_LOG_DEBUG: .debug
    case CARILLON_LOG_INFO: .info
    case CARILLON_LOG_WARNING: .warning
    default: .error
    }
  }
}
