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

  /// Whether a family has this name. Who makes families with names from outside asks first: two of one name are a text
  /// that no scraper takes.
  public func contains(_ name: String) -> Bool { families.withLock { $0.contains { $0.name == name } } }

  /// Shows the family of this name no more.
  public func remove(_ name: String) { families.withLock { $0.removeAll { $0.name == name } } }

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
protocol MetricFamily: AnyObject, Sendable {
  var name: String { get }
  func write(to text: inout String)
}

/// Series by label values, bounded in number.
final class SeriesTable<Series: AnyObject & Sendable>: Sendable {
  private let cells = Mutex<[[String]: Series]>([:])

  /// The series of these label values; the one of `other` when there are too many.
  func cell(_ labels: [String], _ make: () -> Series) -> Series {
    cells.withLock { cells in
      if let cell = cells[labels] { return cell }
      let key = cells.count >= MetricRegistry.maximumSeries ? labels.map { _ in "other" } : labels
      if let cell = cells[key] { return cell }
      let cell = make()
      cells[key] = cell
      return cell
    }
  }

  func removeAll() { cells.withLock { $0.removeAll() } }

  var sorted: [(key: [String], value: Series)] {
    cells.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
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
