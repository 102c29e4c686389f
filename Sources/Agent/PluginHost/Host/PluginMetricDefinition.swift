import CPluginAPI

/// What a plugin's metric is: checked against the rules of `host/metrics.h`.
public struct PluginMetricDefinition: Hashable, Sendable {
  /// Kinds of metrics. The numbers are the ABI's.
  public enum Kind: Int32, Hashable, Sendable, CaseIterable {
    /// Only grows.
    case counter = 1
    /// Goes up and down.
    case gauge = 2
    /// Counts of values by their size.
    case histogram = 3
  }

  /// The plugin's name.
  public let plugin: String
  /// What kind it is.
  public let kind: Kind
  /// The metric's name as the plugin has it: `sent_total`.
  public let name: String
  /// A sentence for people.
  public let help: String
  /// Names of its labels.
  public let labels: [String]
  /// Upper bounds of a histogram, rising; empty for the others.
  public let bounds: [Double]

  /// The name under which it is shown: `carillon_plugin_pager_sent_total`.
  public var fullName: String { "carillon_plugin_\(plugin.replacing("-", with: "_"))_\(name)" }

  /// Checks a definition.
  /// - Throws: `.invalidDocument`, naming the field and what is allowed.
  package init(
    plugin: String, kind: Int32, name: String, help: String, labels: [String] = [], bounds: [Double] = []
  ) throws(PluginHostError) {
    guard Self.isName(name) else {
      throw PluginHostError(
        .invalidDocument,
        "a metric's name must be 1 to \(Self.maximumNameBytes) lower-case letters, digits and _, no digit first")
    }
    guard let known = Kind(rawValue: kind) else {
      throw Self.fault(name, "kind is \(kind), and must be 1 (counter), 2 (gauge) or 3 (histogram)")
    }
    try Self.checkSuffix(name, known)
    guard (1...Self.maximumHelpBytes).contains(help.utf8.count) else {
      throw Self.fault(name, "help has \(help.utf8.count) bytes, and must have 1 to \(Self.maximumHelpBytes)")
    }
    try Self.check(labels: labels, of: name)
    try Self.check(bounds: bounds, of: name, known)
    self.plugin = plugin
    self.kind = known
    self.name = name
    self.help = PlainText.oneLine(help)
    self.labels = labels
    self.bounds = bounds
  }

  static let maximumNameBytes = Int(CARILLON_METRIC_NAME_BYTES_MAX)
  static let maximumHelpBytes = Int(CARILLON_METRIC_HELP_BYTES_MAX)
  static let maximumLabels = Int(CARILLON_METRIC_LABELS_MAX)
  static let maximumBounds = Int(CARILLON_METRIC_BOUNDS_MAX)

  static func fault(_ name: String, _ what: String) -> PluginHostError {
    PluginHostError(.invalidDocument, "the metric \(name): \(what)")
  }

  private static func isName(_ text: String) -> Bool {
    guard (1...maximumNameBytes).contains(text.utf8.count), let first = text.utf8.first else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return !digits.contains(first)
      && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// What a name's end says to those who read it: a histogram has the last three for itself.
  private static func checkSuffix(_ name: String, _ kind: Kind) throws(PluginHostError) {
    guard name.hasSuffix("_total") == (kind == .counter) else {
      throw fault(name, "a counter's name must end in _total, and no other's")
    }
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
      throw fault(name, "a name must not end in \(suffix)")
    }
  }

  private static func check(labels: [String], of name: String) throws(PluginHostError) {
    guard labels.count <= maximumLabels else {
      throw fault(name, "it has \(labels.count) labels; at most \(maximumLabels) are allowed")
    }
    for label in labels where !isName(label) || label.hasPrefix("__") || label == "le" {
      throw fault(
        name,
        "a label's name must be 1 to \(maximumNameBytes) lower-case letters, digits and _, no digit and no __ first, "
          + "and not le")
    }
    guard Set(labels).count == labels.count else { throw fault(name, "two labels have the same name") }
  }

  private static func check(bounds: [Double], of name: String, _ kind: Kind) throws(PluginHostError) {
    guard kind == .histogram else {
      guard bounds.isEmpty else { throw fault(name, "only a histogram has bounds") }
      return
    }
    guard (1...maximumBounds).contains(bounds.count) else {
      throw fault(name, "a histogram has 1 to \(maximumBounds) bounds, not \(bounds.count)")
    }
    guard bounds.allSatisfy(\.isFinite), zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw fault(name, "bounds must be finite and rising")
    }
  }
}
