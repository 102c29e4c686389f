import ControlAPI
import EventModel
import SwiftProtobuf

/// Reads what requests say of plugins, by its form; what the agent has is looked at later.
enum PluginDrafts {
  /// Longest name of a file, in bytes, as file systems have it.
  static let maximumFileBytes = 255
  /// Largest configuration, in bytes of JSON.
  static let maximumConfigurationBytes = Sink.maximumConfigurationBytes
  /// What digests begin with.
  private static let digestPrefix = "sha256:"
  private static let shortestTrial = TimeSpan.seconds(1)

  /// - Throws: all violations at once.
  static func load(_ request: Carillon_V1_LoadPluginRequest) throws(ModelError) -> PluginLoadRequest {
    var violations = Violations()
    let file = violations.collect { () throws(ModelError) in try self.file(request.file) }
    let digest = violations.collect { () throws(ModelError) in try self.digest(request.digest) }
    let isolation = violations.collect { () throws(ModelError) in
      try PluginIsolation.wanted(request.isolation, field: "isolation")
    }
    try violations.check()
    return PluginLoadRequest(file: file ?? "", digest: digest ?? nil, isolation: isolation ?? nil)
  }

  /// - Throws: all violations at once.
  static func reload(_ request: Carillon_V1_ReloadPluginRequest) throws(ModelError) -> PluginReloadRequest {
    var violations = Violations()
    let name = violations.collect { () throws(ModelError) in
      try ResourceName(request.name, kind: .plugin, field: "name")
    }
    let file = violations.collect { () throws(ModelError) in
      request.file.isEmpty ? nil : try self.file(request.file)
    }
    let digest = violations.collect { () throws(ModelError) in try self.digest(request.digest) }
    let isolation = violations.collect { () throws(ModelError) in
      try PluginIsolation.wanted(request.isolation, field: "isolation")
    }
    let trial = trial(request, &violations)
    try violations.check()
    return PluginReloadRequest(
      name: name?.id ?? "", file: file ?? nil, digest: digest ?? nil, isolation: isolation ?? nil, trial: trial)
  }

  /// An event type's new configuration, as JSON.
  /// - Parameter shown: the old one, as clients see it.
  /// - Throws: all violations at once.
  static func configuration(
    _ document: Google_Protobuf_Struct, shown: Google_Protobuf_Struct
  ) throws(ModelError) -> String {
    let field = "plugin.configuration"
    var violations = Violations()
    let text = violations.collect { () throws(ModelError) in
      try StructJSON.text(of: document, field: field, maximumBytes: maximumConfigurationBytes)
    }
    for (key, value) in document.fields.sorted(by: { $0.key < $1.key }) {
      keepHidden(value, shown: shown.fields[key], at: "\(field)/\(key)", depth: 1, &violations)
    }
    try violations.check()
    return text ?? "{}"
  }

  private static func file(_ name: String) throws(ModelError) -> String {
    let isOdd = name.unicodeScalars.contains { $0 == "/" || $0.value < 0x20 || $0.value == 0x7f }
    guard (1...maximumFileBytes).contains(name.utf8.count), !isOdd, name != ".", name != ".." else {
      throw ModelError(
        field: "file",
        "must be the name of a file in a plugin folder of the agent, without a path; 1 to \(maximumFileBytes) bytes")
    }
    return name
  }

  private static func digest(_ text: String) throws(ModelError) -> SHA256Digest? {
    guard !text.isEmpty else { return nil }
    let digits = String(text.dropFirst(digestPrefix.count))
    guard text.hasPrefix(digestPrefix), let digest = SHA256Digest(hexadecimal: digits) else {
      throw ModelError(field: "digest", "must be sha256: and 64 hexadecimal digits")
    }
    return digest
  }

  /// Nil: there is to be none.
  private static func trial(
    _ request: Carillon_V1_ReloadPluginRequest, _ violations: inout Violations
  ) -> PluginTrialSettings? {
    var trial = PluginTrialSettings()
    let most = PluginTrialSettings.maximumDeliveries
    if request.hasTrialDeliveries {
      trial.deliveries = Int(request.trialDeliveries)
      if !(0...most).contains(trial.deliveries) {
        violations.add("trial_deliveries", "must be 0 to \(most); 0 for no trial")
      }
    }
    guard request.hasTrialTime else { return trial.deliveries == 0 ? nil : trial }
    if trial.deliveries == 0 { violations.add("trial_time", "goes with a trial, and trial_deliveries says none") }
    let time = violations.collect { () throws(ModelError) in try TimeSpan(request.trialTime, field: "trial_time") }
    if let time, time < shortestTrial || time > PluginTrialSettings.maximumDuration {
      violations.add("trial_time", "must be 1 s to 24 h")
    }
    trial.duration = time ?? trial.duration
    return trial
  }

  /// A value that was hidden and comes back so would take the real one's place.
  private static func keepHidden(
    _ new: Google_Protobuf_Value, shown: Google_Protobuf_Value?, at pointer: String, depth: Int,
    _ violations: inout Violations
  ) {
    guard let shown, depth < StructJSON.maximumDepth else { return }
    switch (new.kind, shown.kind) {
    case (.stringValue(PluginFacts.hiddenValue)?, .stringValue(PluginFacts.hiddenValue)?):
      violations.add(pointer, "is hidden, so that its value must be given again")
    case (.structValue(let new)?, .structValue(let shown)?):
      for (key, value) in new.fields.sorted(by: { $0.key < $1.key }) {
        keepHidden(value, shown: shown.fields[key], at: "\(pointer)/\(key)", depth: depth + 1, &violations)
      }
    case (.listValue(let new)?, .listValue(let shown)?):
      for (index, pair) in zip(new.values, shown.values).enumerated() {
        keepHidden(pair.0, shown: pair.1, at: "\(pointer)/\(index)", depth: depth + 1, &violations)
      }
    default: break
    }
  }
}
