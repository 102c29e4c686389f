import EventModel
import Pipeline
import PluginHost

/// Turns raw settings into values, and gathers the faults.
struct SettingReader {
  var raw: [String: RawSetting]
  var faults: [ConfigurationError.Fault]
  var warnings: [String] = []
  private(set) var entries: [Configuration.Entry] = []
  let secrets: SecretResolver

  init(raw: [String: RawSetting], faults: [ConfigurationError.Fault], secrets: SecretResolver) {
    self.raw = raw
    self.faults = faults
    self.secrets = secrets
  }

  func origin(_ path: String) -> String { raw[path]?.origin ?? "default" }

  mutating func text(_ path: String) -> String {
    let value = values(path).first ?? ""
    if let key = ConfigurationKey.named(path), case .choice(let allowed) = key.kind, !allowed.contains(value) {
      fault(path, "must be one of \(allowed.joined(separator: ", ")), not \"\(value)\"")
    }
    if value.utf8.contains(0) { fault(path, "must not hold a NUL character") }
    return value
  }

  mutating func list(_ path: String) -> [String] { values(path) }

  mutating func number(_ path: String) -> Int {
    let value = values(path).first ?? ""
    guard let key = ConfigurationKey.named(path), case .number(let range) = key.kind else { return 0 }
    guard let number = Int(value), range.contains(number) else {
      fault(path, "must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(value)\"")
      return range.lowerBound
    }
    return number
  }

  mutating func pace() -> Pace {
    let (speed, from) = (number("rehearsal.speed"), number("rehearsal.from"))
    // Without it the clock would show a day that is centuries away.
    if speed > 1, from == 0 { fault("rehearsal.from", "must be set when rehearsal.speed is above 1") }
    return speed > 1 ? Pace(from: Timestamp(seconds: Int64(from)), speed: speed) : .real
  }

  mutating func flag(_ path: String) -> Bool {
    let value = values(path).first ?? ""
    guard let flag = SettingValues.flag(value) else {
      fault(path, "must be true or false, not \"\(value)\"")
      return false
    }
    return flag
  }

  mutating func duration(_ path: String) -> TimeSpan {
    let value = values(path).first ?? ""
    guard let key = ConfigurationKey.named(path), case .duration(let minimum, let maximum) = key.kind,
      let span = SettingValues.duration(value), span >= .seconds(minimum), span <= .seconds(maximum)
    else {
      fault(path, "must be a time such as 90s, 2h or 30d\(bounds(path)), not \"\(value)\"")
      return .zero
    }
    return span
  }

  mutating func loopback(_ path: String) -> ListenAddress? {
    let value = values(path).first ?? ""
    if value.isEmpty { return nil }
    guard let address = SettingValues.loopback(value) else {
      fault(path, "must be a loopback address and port, such as 127.0.0.1:9464, not \"\(value)\"")
      return nil
    }
    return address
  }

  mutating func shards(_ path: String) -> ShardPreference {
    do throws(ModelError) {
      return try ShardPreference(patterns: values(path), field: path)
    } catch {
      for violation in error.violations { fault(path, violation.message) }
      return .none
    }
  }

  /// The values as they were written.
  mutating func values(_ path: String) -> [String] {
    let key = ConfigurationKey.named(path)
    let standard = key?.standard ?? ""
    let setting = raw[path]
    let values = setting?.values ?? (standard.isEmpty ? [] : [standard])
    entries.append(
      .init(
        path: path, value: shown(key, values), origin: setting?.origin ?? "default",
        isLive: key?.effect == .reload, fingerprint: Fingerprint.of(values)))
    return values
  }

  /// What was read of a setting beside its text counts when two configurations are compared.
  mutating func compare(_ path: String, by content: String) {
    guard let index = entries.lastIndex(where: { $0.path == path }) else { return }
    entries[index].fingerprint = Fingerprint.of([entries[index].fingerprint, content])
  }

  private func shown(_ key: ConfigurationKey?, _ values: [String]) -> String {
    guard let key, case .secret = key.kind, values.contains(where: { !$0.isEmpty }) else {
      return values.joined(separator: ",")
    }
    return values.allSatisfy { SecretResolver.isReference($0) } ? values.joined(separator: ",") : "(not shown)"
  }

  private func bounds(_ path: String) -> String {
    guard let key = ConfigurationKey.named(path), case .duration(let minimum, let maximum) = key.kind else { return "" }
    return " from \(minimum) s to \(maximum) s"
  }

  mutating func fault(_ path: String, _ message: String) {
    faults.append(.init(path, "\(origin(path)): \(path) \(message)"))
  }

  mutating func warn(_ path: String, _ message: String) {
    warnings.append("\(origin(path)): \(path) \(message)")
  }
}
