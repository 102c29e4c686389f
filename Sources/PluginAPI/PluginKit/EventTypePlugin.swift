/// An event type: says when the occurrences of a schedule are, in local time, and what each one says.
///
/// ```swift
/// struct Noon: EventTypePlugin {
///   init(name: String, configuration: JSONText, host: Host) throws(PluginError) {}
///   func validate(_ definition: JSONText) throws(PluginError) {}
///   func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) { … }
///   func render(_ event: Event) throws(PluginError) -> Message { Message(title: "Noon") }
/// }
/// ```
public protocol EventTypePlugin: Sendable {
  /// Whether the host may call one instance on several threads at once. `serial` unless declared otherwise.
  static var threadModel: ThreadModel { get }

  /// Makes an instance.
  ///
  /// - Parameters:
  ///   - name: the instance's name, for messages.
  ///   - configuration: valid by the manifest's schema.
  ///   - host: what the host offers this instance; valid until the process ends.
  init(name: String, configuration: JSONText, host: Host) throws(PluginError)

  /// Checks a definition beyond what its schema says: throws ``PluginError/init(violations:)`` with every fault.
  func validate(_ definition: JSONText) throws(PluginError)

  /// Gives `emit` what comes after the request's cursor, in order, at most `request.max` occurrences; fewer
  /// mean that the series has ended. Returns at once when `emit` answers ``Demand/enough``.
  ///
  /// Pure: the same request gives the same answer, at any time, on any machine. It does no arithmetic with time
  /// zones: local times go out, the host converts.
  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError)

  /// What an event says. Pure, and independent of how late or how often the event is sent.
  func render(_ event: Event) throws(PluginError) -> Message
}

extension EventTypePlugin {
  /// One call at a time on an instance.
  public static var threadModel: ThreadModel { .serial }
}

/// How the host may call one instance. The numbers are the ABI's.
public enum ThreadModel: UInt32, Sendable, Hashable {
  /// One call at a time.
  case serial = 0
  /// Calls may overlap, on several threads.
  case parallel = 1
}

/// Whether more occurrences are wanted.
public enum Demand: Sendable, Hashable {
  /// Go on.
  case more
  /// Return at once; what is emitted after this is dropped.
  case enough
}
