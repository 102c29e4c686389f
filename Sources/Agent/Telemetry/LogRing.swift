public import EventModel
public import Logging
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// The last lines of the log, in memory, for those who ask the agent what it says. Bounded in lines and in bytes; the
/// oldest go first.
public final class LogRing: Sendable {
  /// One line.
  public struct Entry: Sendable {
    /// Counts the lines, from 1, without gaps.
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
    /// Counts the lines about its plugin, from 1, without gaps; 0: it is about none.
    public var pluginNumber: Int64 = 0
  }

  private struct Ring {
    /// As many places as there may be lines; the line `n` stands at `n % places`.
    var places: [Entry?]
    var first: Int64 = 1
    var next: Int64 = 1
    var bytes = 0
    var plugins: [String: Int64] = [:]
  }

  /// Longest line, in bytes: what is over it is cut.
  public static let maximumLineBytes = 16 * 1_024

  /// The field that names a line's plugin.
  public static let pluginField = "plugin"
  /// Plugins whose lines are counted; an agent has a handful.
  private static let maximumPlugins = 1_000

  private let maximumBytes: Int
  private let ring: Mutex<Ring>

  /// Makes an empty ring.
  public init(maximumLines: Int = 10_000, maximumBytes: Int = 8 * 1_024 * 1_024) {
    self.maximumBytes = max(maximumBytes, Self.maximumLineBytes)
    ring = Mutex(Ring(places: Array(repeating: nil, count: max(maximumLines, 1))))
  }

  /// The number that the next line will have.
  public var next: Int64 { ring.withLock { $0.next } }

  /// How many lines about a plugin there were.
  public func count(of plugin: String) -> Int64 { ring.withLock { $0.plugins[plugin] ?? 0 } }

  /// Lines from a number on that are still there, at most `limit`, in order.
  public func entries(from number: Int64, limit: Int) -> [Entry] {
    ring.withLock { ring in
      let start = max(number, ring.first)
      guard start < ring.next, limit > 0 else { return [] }
      return (start..<min(ring.next, start + Int64(limit))).compactMap { ring.places[Self.place($0, ring)] }
    }
  }

  /// The newest lines whose field has a value, newest first, at most `limit`.
  public func newest(where field: String, is value: String, limit: Int) -> [Entry] {
    ring.withLock { ring in
      var found: [Entry] = []
      var number = ring.next - 1
      while number >= ring.first, found.count < limit {
        if let entry = ring.places[Self.place(number, ring)], entry.fields[field] == value { found.append(entry) }
        number -= 1
      }
      return found
    }
  }

  /// Keeps a line.
  func append(_ level: Logger.Level, _ label: String, _ message: String, _ fields: [String: String]) {
    let entry = Self.bounded(
      Entry(number: 0, at: Self.now(), level: level, label: label, message: message, fields: fields))
    let size = Self.size(entry)
    ring.withLock { ring in
      while ring.first < ring.next, ring.bytes + size > maximumBytes || ring.next - ring.first >= ring.places.count {
        Self.dropFirst(&ring)
      }
      var numbered = entry
      numbered.number = ring.next
      if let plugin = numbered.fields[Self.pluginField] { numbered.pluginNumber = Self.count(plugin, &ring) }
      ring.places[Self.place(ring.next, ring)] = numbered
      ring.next += 1
      ring.bytes += size
    }
  }

  private static func count(_ plugin: String, _ ring: inout Ring) -> Int64 {
    guard let count = ring.plugins[plugin] ?? (ring.plugins.count < maximumPlugins ? 0 : nil) else { return 0 }
    ring.plugins[plugin] = count + 1
    return count + 1
  }

  private static func place(_ number: Int64, _ ring: borrowing Ring) -> Int { Int(number % Int64(ring.places.count)) }

  private static func dropFirst(_ ring: inout Ring) {
    let place = place(ring.first, ring)
    if let entry = ring.places[place] { ring.bytes -= size(entry) }
    ring.places[place] = nil
    ring.first += 1
  }

  /// Room for what surrounds the texts.
  private static let frameBytes = 160

  private static func size(_ entry: Entry) -> Int {
    entry.fields.reduce(frameBytes + entry.label.utf8.count + entry.message.utf8.count) {
      $0 + $1.key.utf8.count + $1.value.utf8.count + frameBytes / 4
    }
  }

  /// The line, cut to its longest: first its fields are shortened, then its message.
  private static func bounded(_ entry: Entry) -> Entry {
    guard size(entry) > maximumLineBytes else { return entry }
    var entry = entry
    let part = maximumLineBytes / 4 / max(entry.fields.count, 1)
    entry.fields = entry.fields.mapValues { cut($0, part) }
    entry.message = cut(entry.message, maximumLineBytes / 4)
    if size(entry) > maximumLineBytes { entry.fields = [:] }
    return entry
  }

  private static func cut(_ text: String, _ bytes: Int) -> String {
    text.utf8.count > bytes ? String(text.prefix(bytes / 4)) + "…" : text
  }

  private static func now() -> Timestamp {
    var spec = timespec()
    clock_gettime(CLOCK_REALTIME, &spec)
    return Timestamp(microseconds: Int64(spec.tv_sec) * 1_000_000 + Int64(spec.tv_nsec) / 1_000)
  }
}
