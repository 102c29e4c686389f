/// A configured instance of a sink plugin.
public struct Sink: Hashable, Sendable {
  /// What to do with a delivery that was sent and never answered.
  public enum OnUnknown: String, Hashable, Sendable, Codable, CaseIterable {
    /// Send it again, with the same idempotency key.
    case resend
    /// To the dead letters, for a person to decide.
    case park
  }

  /// The namespace it belongs to.
  public var namespace: String
  /// Its name, as in `Names.checkName`.
  public var name: String
  /// The sink plugin's name: `webhook`.
  public var plugin: String
  /// The instance's configuration, a JSON object valid by the plugin's schema. Holds references to secrets, no secrets.
  public var configurationJSON: String
  /// The kind of user address that deliveries go to (`webhook`, `email`); nil: the configuration has the only address.
  public var addressKind: String?
  /// The most sends in flight to it from one agent.
  public var maximumInFlight: Int32
  /// What to do when no answer comes.
  public var onUnknown: OnUnknown
  /// What it and its endpoints may be sent, and when they are left alone.
  public var limits: SinkLimits
  /// Why nothing is sent to it; nil when it is in use. What is for it waits meanwhile.
  public var disabledReason: String?
  /// The store's number; 0 in a draft.
  public var number: SinkNumber
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64

  /// Makes a sink.
  public init(
    namespace: String, name: String, plugin: String, configurationJSON: String, addressKind: String? = nil,
    maximumInFlight: Int32 = Self.standardInFlight, onUnknown: OnUnknown = .resend, limits: SinkLimits = SinkLimits(),
    disabledReason: String? = nil, number: SinkNumber = .all, revision: Int64 = 0
  ) {
    self.namespace = namespace
    self.name = name
    self.plugin = plugin
    self.configurationJSON = configurationJSON
    self.addressKind = addressKind
    self.maximumInFlight = maximumInFlight
    self.onUnknown = onUnknown
    self.limits = limits
    self.disabledReason = disabledReason
    self.number = number
    self.revision = revision
  }

  /// Sends in flight to one sink unless it says otherwise.
  public static let standardInFlight: Int32 = 2_000
  /// Longest configuration, in bytes.
  public static let maximumConfigurationBytes = 64 * 1_024

  /// Checks names and limits; not the configuration, which the plugin's schema knows.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkName(name, field: "name") }
    faults.keep { () throws(ModelError) in try Names.checkName(plugin, field: "plugin") }
    if let addressKind {
      faults.keep { () throws(ModelError) in try Names.checkName(addressKind, field: "address_kind") }
    }
    if !(1...Queue.maximumInFlight).contains(maximumInFlight) {
      faults.found.append(.init(field: "max_in_flight", message: "must be 1 to \(Queue.maximumInFlight)"))
    }
    if configurationJSON.utf8.count > Self.maximumConfigurationBytes {
      faults.found.append(
        .init(field: "configuration", message: "must be at most \(Self.maximumConfigurationBytes) bytes of JSON"))
    }
    limits.check(&faults)
    try faults.check()
  }
}
