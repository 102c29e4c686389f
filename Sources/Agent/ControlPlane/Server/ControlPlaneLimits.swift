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
  /// How long a change of many events waits for the answers of the agents that own them.
  public var bulkCommandWait = Duration.seconds(30)
  /// Watches open at the same time.
  public var maximumWatches = 64
  /// Pause between two looks for new receipts.
  public var watchPause = Duration.milliseconds(250)
  /// Pause between two looks at what has a state rather than a history: queues, plugins.
  public var stateWatchPause = Duration.seconds(1)
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

  // Callers. The Unix socket's users and callers in plaintext on this machine's own address are not limited in their
  // number of calls, unless they come with a token.

  /// Calls of one caller, and of one address over TLS.
  public var requests = RequestLimit(count: 2_000, per: .seconds(300))
  /// Calls with bad credentials of one address; more are refused without saying why.
  public var failedCredentials = RequestLimit(count: 30, per: .seconds(300))
  /// How long the answer to bad credentials is held back.
  public var failureDelay = Duration.milliseconds(250)
  /// Answers held back at the same time; more are given at once.
  public var maximumSlowedCalls = 64
  /// Clients that are counted one by one; more share one limit.
  public var maximumLimitedClients = 10_000
  /// Connections open at the same time on one listener's agent, those of the Unix socket among them.
  public var maximumConnections = 1_024
  /// The same of one address over TLS.
  public var maximumConnectionsByAddress = 64
  /// Longest TLS handshake.
  public var handshakeDeadline = Duration.seconds(10)
  /// A connection over TCP without calls is closed after this.
  public var maximumIdle = Duration.seconds(15 * 60)
  /// A connection over TLS is closed after this, once its calls have ended: certificates are looked at again.
  public var maximumConnectionAge = Duration.seconds(60 * 60)
  /// How long calls have to end on a connection that is closed for its age.
  public var connectionGrace = Duration.seconds(10 * 60)
  /// A connection over TCP that is silent for this long is asked whether it lives.
  public var keepaliveTime = Duration.seconds(60)
  /// How long it has to answer.
  public var keepaliveTimeout = Duration.seconds(20)
  /// Clients that ask so more often than this are cut off.
  public var minimumClientKeepalive = Duration.seconds(10)
  /// Pause between two looks at the access list: what is revoked or denied ends within two of them.
  public var accessPause = Duration.milliseconds(750)
  /// Pause between two looks at the certificate files.
  public var certificatePause = Duration.seconds(5)

  /// The standard bounds.
  public init() {}
}
