import Synchronization

/// Counters, gauges and histograms, and their text for Prometheus (exposition format 0.0.4).
///
/// Names are in base units and carry them: `_seconds`, `_bytes`, `_total`. A family has fixed label names; the number of
/// its series is bounded, so that no outside value can fill the memory.
public final class MetricRegistry: Sendable {
  /// The most series of one family; what comes beyond is counted under the label value `other`.
  public static let maximumSeries = 1_000

  private let families = Mutex<[any MetricFamily]>([])
  private let collectors = Mutex<[@Sendable () async -> Void]>([])

  /// Makes an empty registry.
  public init() {}

  /// A number that only grows. The name must end in `_total`.
  public func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
    add(Counter(name: name, help: help, labels: labels))
  }

  /// A number that goes up and down.
  public func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
    add(Gauge(name: name, help: help, labels: labels))
  }

  /// A distribution over fixed upper bounds.
  public func histogram(_ name: String, _ help: String, labels: [String] = [], bounds: [Double]) -> Histogram {
    add(Histogram(name: name, help: help, labels: labels, bounds: bounds))
  }

  /// Runs before every scrape; for gauges that are read elsewhere.
  public func collect(_ body: @escaping @Sendable () async -> Void) {
    collectors.withLock { $0.append(body) }
  }

  /// All families as text.
  public func text() async -> String {
    for collector in collectors.withLock({ $0 }) { await collector() }
    var text = ""
    for family in families.withLock({ $0 }) { family.write(to: &text) }
    return text
  }

  private func add<Family: MetricFamily>(_ family: Family) -> Family {
    families.withLock { $0.append(family) }
    return family
  }
}

/// One name with its help and its series.
protocol MetricFamily: Sendable {
  func write(to text: inout String)
}

/// Values by label values, bounded in number.
struct SeriesTable<Value: Sendable>: Sendable {
  private(set) var values: [[String]: Value] = [:]

  mutating func update(_ labels: [String], default make: () -> Value, _ change: (inout Value) -> Void) {
    let key =
      values[labels] == nil && values.count >= MetricRegistry.maximumSeries
      ? labels.map { _ in "other" } : labels
    change(&values[key, default: make()])
  }

  mutating func removeAll() { values.removeAll() }

  var sorted: [(key: [String], value: Value)] {
    values.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }
}

/// Writing of the exposition format.
enum Exposition {
  static func header(_ name: String, _ help: String, _ type: String, to text: inout String) {
    text += "# HELP \(name) \(escapeHelp(help))\n# TYPE \(name) \(type)\n"
  }

  static func labels(_ names: [String], _ values: [String], extra: (String, String)? = nil) -> String {
    var pairs = zip(names, values).map { "\($0)=\"\(escape($1))\"" }
    if let extra { pairs.append("\(extra.0)=\"\(escape(extra.1))\"") }
    return pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
  }

  static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    if let whole = Int64(exactly: value) { return String(whole) }
    return String(value)
  }

  private static func escape(_ value: String) -> String {
    var result = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  private static func escapeHelp(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}
