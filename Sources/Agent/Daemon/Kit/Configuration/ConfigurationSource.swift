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
  static func yaml(_ text: String, file: String, faults: inout [String]) -> [String: RawSetting] {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      faults.append("\(file): not valid YAML: \(error)")
      return [:]
    }
    guard let node else { return [:] }
    var settings: [String: RawSetting] = [:]
    flatten(node, path: [], file: file, into: &settings, faults: &faults)
    return settings
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
  static func flags(_ flags: [String], faults: inout [String]) -> [String: RawSetting] {
    var settings: [String: RawSetting] = [:]
    for flag in flags {
      guard let equals = flag.firstIndex(of: "=") else {
        faults.append("--set \(flag): must be KEY=VALUE")
        continue
      }
      let path = String(flag[..<equals])
      guard let key = ConfigurationKey.named(path) else {
        faults.append("--set: \(unknown(path))")
        continue
      }
      settings[path] = RawSetting(values: split(String(flag[flag.index(after: equals)...]), key), origin: "--set")
    }
    return settings
  }

  private static func split(_ value: String, _ key: ConfigurationKey) -> [String] {
    guard case .list = key.kind else { return [value] }
    return value.split(separator: ",").map { String($0) }
  }

  private static func flatten(
    _ node: Node, path: [String], file: String, into settings: inout [String: RawSetting], faults: inout [String]
  ) {
    let name = path.joined(separator: ".")
    let place = node.mark.map { "\(file):\($0.line)" } ?? file
    if let key = ConfigurationKey.named(name) {
      guard let values = scalars(node, key) else {
        faults.append("\(place): \(name) must be \(isList(key) ? "a list of values" : "one value")")
        return
      }
      settings[name] = RawSetting(values: values, origin: place)
    } else if case .mapping(let mapping) = node, path.count < 8 {
      for (child, value) in mapping {
        guard let word = child.string else {
          faults.append("\(place): a key must be a word")
          continue
        }
        if settings[(path + [word]).joined(separator: ".")] != nil {
          faults.append("\(place): \((path + [word]).joined(separator: ".")) stands twice")
        }
        flatten(value, path: path + [word], file: file, into: &settings, faults: &faults)
      }
    } else if ConfigurationKey.all.contains(where: { $0.path.hasPrefix(name + ".") }) {
      if case .scalar(let scalar) = node, scalar.string.isEmpty || scalar.string == "~" { return }
      faults.append("\(place): \(name) must hold settings of its own")
    } else {
      faults.append("\(place): \(unknown(name))")
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
    if case .list = key.kind { true } else { false }
  }

  static func unknown(_ path: String) -> String {
    let known = ConfigurationKey.all.map(\.path)
    if let near = NearestName.nearest(to: path, among: known) { return "unknown key \(path); did you mean \(near)?" }
    return "unknown key \(path); known are \(known.joined(separator: ", "))"
  }
}
