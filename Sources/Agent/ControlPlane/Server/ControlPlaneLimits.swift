/// The bounds of the control plane; all of them protect the agent from its callers.
public struct ControlPlaneLimits: Hashable, Sendable {
  /// Largest request message, in bytes.
  public var maximumMessageBytes = 4 * 1_024 * 1_024
  /// Calls at the same time on one connection.
  public var maximumStreamsPerConnection = 256
  /// Longest time a unary call may take; a caller's own deadline may be shorter.
  public var unaryDeadline = Duration.seconds(60)
  /// Longest time that a drain may take, and the time it has when the caller names none, in seconds.
  public var maximumDrainSeconds: Int64 = 600
  /// See ``maximumDrainSeconds``.
  public var standardDrainSeconds: Int64 = 20
  /// How long a cancel or a move waits for the owner's answer.
  public var commandWait = Duration.seconds(5)
  /// First pause between two looks for that answer; doubles up to ``commandPauseCap``.
  public var commandPause = Duration.milliseconds(5)
  /// Longest pause between two looks for that answer.
  public var commandPauseCap = Duration.milliseconds(200)
  /// Watches open at the same time.
  public var maximumWatches = 64
  /// Pause between two looks for new receipts.
  public var watchPause = Duration.milliseconds(250)
  /// Longest silence on a watch: then a heartbeat is sent.
  public var watchHeartbeat = Duration.seconds(10)
  /// Receipts in one message of a watch.
  public var watchBatch = 500
  /// Items in one message of an import.
  public var maximumImportItems = 1_000
  /// Schedules of one item of an import.
  public var maximumImportSchedules = 100
  /// Schedules that one ``ListUpcoming`` looks at.
  public var maximumUpcomingSchedules = 100_000
  /// Exports of users open at the same time.
  public var maximumExports = 8
  /// How long erasing a user waits for sends of the user that are under way.
  public var erasureWait = Duration.seconds(5)
  /// How long open calls have to end when the server stops.
  public var shutdownGrace = Duration.seconds(5)

  /// The standard bounds.
  public init() {}
}
