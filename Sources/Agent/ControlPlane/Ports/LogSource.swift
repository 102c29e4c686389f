public import EventModel
public import Logging

/// One line of the agent's log.
public struct LogEntry: Hashable, Sendable {
  /// Counts the lines of this run of the agent, from 1.
  public var number: Int64
  /// When it was written, by the machine's clock.
  public var at: Timestamp
  /// Its level.
  public var level: Logger.Level
  /// Which part of the agent wrote it.
  public var label: String
  /// What it says.
  public var message: String
  /// Its fields.
  public var fields: [String: String]
  /// Counts the lines about its plugin (the field `plugin`), from 1, without gaps; 0: it is about none.
  public var pluginNumber: Int64

  /// Makes an entry.
  public init(
    number: Int64, at: Timestamp, level: Logger.Level, label: String, message: String, fields: [String: String],
    pluginNumber: Int64 = 0
  ) {
    self.number = number
    self.at = at
    self.level = level
    self.label = label
    self.message = message
    self.fields = fields
    self.pluginNumber = pluginNumber
  }
}

/// What this agent wrote to its log, as far as it is kept in memory.
public protocol LogSource: Sendable {
  /// Names this run of the agent: numbers of another run mean other lines. A short word without `-`.
  var run: String { get }

  /// Lines from a number on that are still kept, at most `limit`, in their order. What was dropped before it could be read
  /// shows in the first line's number.
  func entries(from number: Int64, limit: Int) -> [LogEntry]

  /// The number that the next line will have.
  var next: Int64 { get }

  /// How many lines about a plugin there were in this run.
  func count(of plugin: String) -> Int64
}

/// A log that keeps nothing.
public struct NoLog: LogSource {
  /// Makes it.
  public init() {}
  /// The only run.
  public var run: String { "none" }
  /// None.
  public func entries(from number: Int64, limit: Int) -> [LogEntry] { [] }
  /// The first.
  public var next: Int64 { 1 }
  /// None.
  public func count(of plugin: String) -> Int64 { 0 }
}
