package import CPluginAPI
import Logging

/// What the module that checks plugins takes from the host, so that it judges by the host's own rules.
package enum CheckingParts {
  /// Parses JSON as the host parses configurations.
  /// - Throws: `.malformedJSON`, naming the place.
  package static func parse(_ text: String) throws(PluginHostError) -> JSONValue { try JSONParser.parse(text) }

  /// A value as compact JSON.
  package static func text(_ value: JSONValue) -> String { JSONWriter.text(value) }

  /// Reads a manifest.
  /// - Throws: what the host would refuse the plugin for.
  package static func manifest(_ text: String) throws(PluginHostError) -> PluginManifest {
    try PluginManifest(text: text)
  }

  /// Longest manifest, in bytes.
  package static var maximumManifestBytes: Int { PluginManifest.maximumBytes }

  /// A user as a plugin with these `reads` gets it is made of these fields, each with what it holds in the JSON.
  package static let userMembers: [(field: String, members: [String])] = [
    ("names", ["display_name", "given_name", "family_name", "nickname"]), ("locale", ["locale"]), ("dates", ["dates"]),
    ("addresses", ["addresses"]), ("attributes", ["attributes"]),
  ]

  /// A host with all interfaces that the agent has, whose log goes nowhere. It is never freed.
  package static func host(time: TimeService) -> UnsafePointer<carillon_host> {
    let log = PluginLog(logger: Logger(label: "plugin") { _ in SwiftLogNoOpLogHandler() })
    return HostContext.make(
      log: log, time: time, secrets: SecretTable(resolver: SecretResolver()), tickets: TicketTable(grace: .seconds(2)))
  }

  /// Some text in which a schema's `pattern` occurs; nil for a pattern that the host does not take.
  package static func sample(pattern: String, _ random: inout some RandomNumberGenerator) -> String? {
    var parser = PatternParser(pattern)
    do throws(PatternError) {
      let tree = try parser.parse()
      var text = String.UnicodeScalarView()
      tree.sample(into: &text, &random)
      return String(text)
    } catch {
      return nil
    }
  }
}

extension PatternNode {
  /// Most times that a repetition without a bound is repeated beyond its minimum.
  private static var furtherRepetitions: Int { 3 }

  fileprivate func sample(into text: inout String.UnicodeScalarView, _ random: inout some RandomNumberGenerator) {
    switch self {
    case .set(let set): if let scalar = set.sample(&random) { text.append(scalar) }
    case .check: break
    case .sequence(let nodes): for node in nodes { node.sample(into: &text, &random) }
    case .choice(let nodes): nodes.randomElement(using: &random)?.sample(into: &text, &random)
    case .repetition(let node, let minimum, let maximum):
      let most = min(maximum ?? .max, minimum + Self.furtherRepetitions)
      for _ in 0..<Int.random(in: minimum...most, using: &random) { node.sample(into: &text, &random) }
    }
  }
}

extension ScalarSet {
  /// A scalar of the set, printable ASCII where there is one; nil when the set has none of these and no other below U+0800.
  fileprivate func sample(_ random: inout some RandomNumberGenerator) -> Unicode.Scalar? {
    let printable = (0x20...0x7e).compactMap(Unicode.Scalar.init).filter(contains)
    if let scalar = printable.randomElement(using: &random) { return scalar }
    return (0..<0x800).compactMap(Unicode.Scalar.init).first(where: contains)
  }
}
