import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_Sink {
  /// What a client is shown of a sink; `shownConfiguration` has the secrets hidden. Its state is another matter.
  init(_ sink: Sink, shownConfiguration: Google_Protobuf_Struct) {
    self.init()
    name = ResourceName(kind: .sink, namespace: sink.namespace, id: sink.name).text
    plugin = sink.plugin
    configuration = shownConfiguration
    addressKind = sink.addressKind ?? ""
    maxInFlight = sink.maximumInFlight
    onUnknown =
      switch sink.onUnknown {
      case .resend: .resend
      case .park: .park
      }
    disabledReason = sink.disabledReason ?? ""
    etag = Etag.text(sink.revision)
    limits = Limits(sink.limits)
  }

  static let maskFields =
    ["configuration", "address_kind", "max_in_flight", "on_unknown", "disabled_reason", "plugin", "limits"]
    + Limits.maskFields.map { "limits.\($0)" }
}

extension Sink {
  /// A draft with all that a client may say of a sink.
  init(
    _ message: Carillon_V1_Sink, namespace: String, name: String, path: FieldPath, violations: inout Violations
  ) {
    self.init(namespace: namespace, name: name, plugin: message.plugin, configurationJSON: "{}")
    for field in Carillon_V1_Sink.maskFields {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
  }

  /// Takes what the mask has. The plugin cannot be changed: it may be repeated, or left out.
  mutating func apply(_ message: Carillon_V1_Sink, mask: FieldMask, path: FieldPath, violations: inout Violations) {
    if mask.has("plugin"), message.plugin != plugin, !message.plugin.isEmpty || mask.names("plugin") {
      violations.add(path.field("plugin"), "cannot be changed; make another sink")
    }
    for field in Carillon_V1_Sink.maskFields where mask.has(field) {
      violations.collect(under: path) { () throws(ModelError) in try take(field, from: message) }
    }
  }

  private mutating func take(_ field: String, from message: Carillon_V1_Sink) throws(ModelError) {
    switch field {
    case "configuration":
      configurationJSON = try StructJSON.text(
        of: message.configuration, field: field, maximumBytes: Self.maximumConfigurationBytes)
    case "address_kind": addressKind = message.addressKind.isEmpty ? nil : message.addressKind
    case "max_in_flight":
      maximumInFlight = message.maxInFlight == 0 ? Self.standardInFlight : message.maxInFlight
    case "on_unknown": onUnknown = try OnUnknown(message.onUnknown, field: field)
    case "disabled_reason":
      guard message.disabledReason.utf8.count <= User.maximumTextBytes else {
        throw ModelError(field: field, "must be at most \(User.maximumTextBytes) bytes")
      }
      disabledReason = message.disabledReason.isEmpty ? nil : message.disabledReason
    case "limits": limits = try SinkLimits(message.limits)
    case _ where field.hasPrefix("limits."):
      try limits.take(String(field.dropFirst("limits.".count)), from: message.limits)
    default: break
    }
  }
}

extension Sink.OnUnknown {
  fileprivate init(_ value: Carillon_V1_Sink.OnUnknown, field: String) throws(ModelError) {
    switch value {
    case .unspecified, .resend: self = .resend
    case .park: self = .park
    case .UNRECOGNIZED(let number): throw ModelError(field: field, "\(number) is no value of OnUnknown")
    }
  }
}

extension Carillon_V1_Sink.Status {
  /// How a sink is doing at one agent.
  init(_ load: SinkLoad) {
    self.init()
    inFlight = Int32(clamping: load.inFlight)
    waiting = Int32(clamping: load.waiting)
    slow = Int32(clamping: load.slow)
    circuit = load.circuit
    if let wait = load.reopensIn { reopensIn = Google_Protobuf_Duration(wait) }
    endpoints = Int32(clamping: load.endpoints)
    openEndpoints = Int32(clamping: load.openEndpoints)
    goneEndpoints = Int32(clamping: load.goneEndpoints)
  }
}
