public import EventModel

/// What the pipeline needs of an event type: its pure functions, in batches.
public protocol EventTypePort: Sendable {
  /// What it says of its own words.
  var wording: BuiltInWording { get }

  /// The occurrences after each request's cursor, in order. Fewer than `maximum` means that the series has ended.
  /// - Returns: one result for each request, in order.
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>]

  /// What each event says.
  /// - Returns: one result for each event, in order.
  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>]
}

extension EventTypePort {
  /// No templates.
  public var wording: BuiltInWording { .none }
}

/// What the pipeline needs of a sink.
public protocol SinkPort: Sendable {
  /// Takes deliveries and returns at once. Each is completed exactly once, by `completion`, which may be called from any
  /// thread, any number of times, also before this returns. A late or second completion is ignored.
  func deliver(_ deliveries: [Delivery], completion: @escaping @Sendable ([DeliveryResult]) -> Void)

  /// Please give these up; each is completed all the same. Unknown ids are ignored. Must not block.
  func cancel(ids: [UInt64])
}

/// Where the pipeline finds them. Makes instances when first asked and keeps them.
public protocol PluginDirectory: Sendable {
  /// The event type of this name; nil when no plugin provides it.
  func eventType(named name: String) -> (any EventTypePort)?

  /// The sink's instance, made and ready. Asked for again when the sink's revision changes.
  func sink(_ sink: Sink) async -> Result<any SinkPort, PortError>
}

/// Why a plugin could not do what it was asked.
public struct PortError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// The plugin is missing, disabled or being restarted; another try later may work, and uses up no attempt.
    case unavailable
    /// It refuses its input: the same input will be refused again.
    case invalid
    /// It failed.
    case failed
    /// It did not answer in time.
    case timedOut
  }

  /// What kind of failure it is.
  public var code: Code
  /// A sentence for people; no secret in it.
  public var message: String

  /// Makes an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// `code: message`.
  public var description: String { "\(code.rawValue): \(message)" }
}
