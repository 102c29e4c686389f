public import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable {
  /// logfmt when standard error is a terminal, JSON otherwise.
  case auto
  /// `time=… level=info msg="…" key=value`
  case logfmt
  /// One JSON object a line.
  case json
}

/// Writes one line a message to standard error, whole lines only. Control characters are escaped, so that nothing from
/// outside can forge a line.
public struct LineLogHandler: LogHandler {
  private static let output = Mutex<Void>(())

  private let label: String
  private let settings: LogSettings
  /// A logger's own level; nil: that of the settings, whatever it is at the moment.
  private var ownLevel: Logger.Level?
  /// The least level that is written.
  public var logLevel: Logger.Level {
    get { ownLevel ?? settings.level }
    set { ownLevel = newValue }
  }
  /// Fields of every line.
  public var metadata: Logger.Metadata = [:]
  /// Fields found at the time of logging.
  public var metadataProvider: Logger.MetadataProvider?

  /// Makes a handler.
  public init(label: String, settings: LogSettings) {
    self.label = label
    self.settings = settings
  }

  /// One field of every line.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line.
  public func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
    if let provided = metadataProvider?.get() { fields.merge(provided) { old, _ in old } }
    let texts = fields.mapValues { "\($0)" }
    settings.ring.append(event.level, label, event.message.description, texts)
    let pairs =
      [("time", LogTime.now()), ("level", event.level.rawValue), ("logger", label), ("msg", event.message.description)]
      + texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    Self.write(settings.isJSON ? LogLine.json(pairs) : LogLine.logfmt(pairs))
  }

  private static func write(_ line: String) {
    var line = line + "\n"
    output.withLock { _ in
      line.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
          let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
          // A log that cannot be written must not stop the agent; there is nowhere left to say so.
          guard written > 0 || errno == EINTR else { return }
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(written, 0)))
        }
      }
    }
  }
}

/// The time of a log line.
enum LogTime {
  /// RFC 3339 in UTC, with milliseconds.
  static func now() -> String {
    var spec = timespec()
    clock_gettime(CLOCK_REALTIME, &spec)
    var parts = tm()
    gmtime_r(&spec.tv_sec, &parts)
    func pad(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(width - text.count, 0)) + text
    }
    let date = "\(pad(Int(parts.tm_year) + 1_900, 4))-\(pad(Int(parts.tm_mon) + 1, 2))-\(pad(Int(parts.tm_mday), 2))"
    let time = "\(pad(Int(parts.tm_hour), 2)):\(pad(Int(parts.tm_min), 2)):\(pad(Int(parts.tm_sec), 2))"
    return "\(date)T\(time).\(pad(spec.tv_nsec / 1_000_000, 3))Z"
  }
}

/// The two forms of a line.
enum LogLine {
  /// Longest value that is written, in bytes.
  static let maximumValueBytes = 8_192

  static func json(_ pairs: [(String, String)]) -> String {
    "{" + pairs.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}"
  }

  static func logfmt(_ pairs: [(String, String)]) -> String {
    pairs.map { key, value in
      let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d && $0 != 0x7f }
      return "\(key)=\(isPlain && value.utf8.count <= maximumValueBytes ? value : quoted(value))"
    }.joined(separator: " ")
  }

  static func quoted(_ value: String) -> String {
    let bounded = value.utf8.count > maximumValueBytes ? String(value.prefix(maximumValueBytes / 4)) + "…" : value
    var result = "\""
    for scalar in bounded.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f || (0x80...0x9f).contains(scalar.value):
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
