import EventModel
import Yams

/// A setting as somebody wrote it, and where.
struct RawSetting: Sendable {
  var values: [String]
  var origin: String
}

/// Reads the sources into raw settings; the later one wins: file, environment, flags.
enum ConfigurationSource {
  /// The largest configuration file, in bytes.
  static let maximumFileBytes = 1 << 20

  /// Flattens a YAML document; every fault is added to `faults`.
  static func yaml(_ text: String, file: String, faults: inout [ConfigurationError.Fault]) -> [String: RawSetting] {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      faults.append(.init(file, "\(file)\(place(error))"))
      return [:]
    }
    guard let node else { return [:] }
    var settings: [String: RawSetting] = [:]
    flatten(node, path: [], file: file, into: &settings, faults: &faults)
    return settings
  }

  /// Where the text is no YAML and why. Yams' own description quotes the line, in which a secret may stand.
  private static func place(_ error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ":\(mark.line): not valid YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      ":\(context.mark.line): \(duplicates.joined(separator: ", ")) stands twice"
    default: ": not valid YAML"
    }
  }

  /// Reads `CARILLON_…` variables of known settings.
  static func environment(_ environment: [String: String]) -> [String: RawSetting] {
    var settings: [String: RawSetting] = [:]
    for key in ConfigurationKey.all {
      guard let value = environment[key.environmentName] else { continue }
      settings[key.path] = RawSetting(values: split(value, key), origin: "environment \(key.environmentName)")
    }
    return settings
  }

  /// Reads `--set path=value` flags.
  static func flags(_ flags: [String], faults: inout [ConfigurationError.Fault]) -> [String: RawSetting] {
    var settings: [String: RawSetting] = [:]
    for flag in flags {
      guard let equals = flag.firstIndex(of: "=") else {
        faults.append(.init("--set", "--set \(flag): must be KEY=VALUE"))
        continue
      }
      let path = String(flag[..<equals])
      guard let key = ConfigurationKey.named(path) else {
        faults.append(.init(path, "--set: \(unknown(path))"))
        continue
      }
      settings[path] = RawSetting(values: split(String(flag[flag.index(after: equals)...]), key), origin: "--set")
    }
    return settings
  }

  private static func split(_ value: String, _ key: ConfigurationKey) -> [String] {
    guard isList(key) else { return [value] }
    return value.split(separator: ",").map { String($0) }
  }

  private static func flatten(
    _ node: Node, path: [String], file: String, into settings: inout [String: RawSetting],
    faults: inout [ConfigurationError.Fault]
  ) {
    let name = path.joined(separator: ".")
    let place = node.mark.map { "\(file):\($0.line)" } ?? file
    if let key = ConfigurationKey.named(name) {
      guard let values = scalars(node, key) else {
        faults.append(.init(name, "\(place): \(name) must be \(isList(key) ? "a list of values" : "one value")"))
        return
      }
      settings[name] = RawSetting(values: values, origin: place)
    } else if case .mapping(let mapping) = node, path.count < 8 {
      for (key, value) in mapping {
        guard let word = key.string else {
          faults.append(.init(name, "\(place): a key must be a word"))
          continue
        }
        let child = (path + [word]).joined(separator: ".")
        if settings[child] != nil { faults.append(.init(child, "\(place): \(child) stands twice")) }
        flatten(value, path: path + [word], file: file, into: &settings, faults: &faults)
      }
    } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(name + ".") }) {
      if case .scalar(let scalar) = node, scalar.string.isEmpty || scalar.string == "~" { return }
      faults.append(.init(name, "\(place): \(name) must hold settings of its own"))
    } else {
      faults.append(.init(name, "\(place): \(unknown(name))"))
    }
  }

  private static func scalars(_ node: Node, _ key: ConfigurationKey) -> [String]? {
    switch node {
    case .scalar(let scalar):
      isList(key) ? (scalar.string.isEmpty ? [] : nil) : [scalar.string]
    case .sequence(let sequence):
      isList(key)
        ? sequence.reduce(into: [String]?.some([])) { list, item in
          if let word = item.scalar?.string { list?.append(word) } else { list = nil }
        } : nil
    default: nil
    }
  }

  private static func isList(_ key: ConfigurationKey) -> Bool {
    switch key.kind {
    case .list, .identities: true
    default: false
    }
  }

  static func unknown(_ path: String) -> String {
    let known = ConfigurationKey.all.map(\.path)
    if let near = NearestName.nearest(to: path, among: known) { return "unknown key \(path); did you mean \(near)?" }
    return "unknown key \(path); known are \(known.joined(separator: ", "))"
  }
}
