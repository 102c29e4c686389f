import GRPCCore
import SwiftProtobuf

/// One open watch of things that have a state rather than a history: tells each that is other than it was told before,
/// and each that is gone. What comes and goes between two looks is not told.
struct StateWatch<Item: Message> {
  /// What to tell.
  struct News {
    var changed: [Item]
    var gone: [String]
    var cursor: String
  }

  let environment: Environment
  let cancellation: ServerContext.RPCCancellationHandle
  /// Between two looks.
  let pause: Duration
  /// Everything there is now, by name.
  let look: () async throws -> [(name: String, item: Item)]

  /// Goes on until the client ends it, or the server stops.
  /// - Parameter tell: says what is new; nothing new for a heartbeat.
  func run(from cursor: String, tell: (News) async throws -> Void) async throws {
    var known = try StateCursor(cursor)
    var heartbeat = Heartbeat(every: environment.limits.watchHeartbeat)
    while environment.goesOn(cancellation) {
      let news = try known.take(try await look())
      if !news.changed.isEmpty || !news.gone.isEmpty || heartbeat.isDue {
        try await tell(news)
        heartbeat.spoke()
      }
      try await environment.clock.sleep(for: pause)
      heartbeat.waited(pause)
    }
    throw environment.endOfWatch
  }
}

/// What a client was told: each thing's name with a digest of its state. So a watch can be resumed at any agent, however
/// long it was cut, and no agent has to remember it.
struct StateCursor {
  /// Longest cursor, in bytes; enough for 10,000 queues.
  private static let maximumBytes = 1_024 * 1_024
  private static let digestLength = 16
  private var digests: [String: String] = [:]

  /// Reads one; empty: nothing was told.
  init(_ text: String) throws {
    guard text.utf8.count <= Self.maximumBytes else { throw Failure.invalid("cursor", "is no cursor") }
    guard !text.isEmpty else { return }
    for entry in text.split(separator: " ", omittingEmptySubsequences: false) {
      let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].utf8.count == Self.digestLength, !parts[0].isEmpty else {
        // A cursor of nothing at all: there was nothing to tell.
        if text == Self.nothing { return }
        throw Failure.invalid("cursor", "is no cursor of this watch")
      }
      guard let name = Self.unescaped(parts[0]) else { throw Failure.invalid("cursor", "is no cursor of this watch") }
      digests[name] = String(parts[1])
    }
  }

  /// A cursor that knows of nothing is not the empty one, which asks for everything.
  private static let nothing = "-"

  /// As a client is given it.
  var text: String {
    guard !digests.isEmpty else { return Self.nothing }
    return digests.keys.sorted().map { "\(Self.escaped($0))=\(digests[$0] ?? "")" }.joined(separator: " ")
  }

  /// Takes what there is now, and says what of it is news.
  mutating func take<Item: Message>(_ items: [(name: String, item: Item)]) throws -> StateWatch<Item>.News {
    var now: [String: String] = [:]
    var changed: [Item] = []
    for (name, item) in items {
      let digest = try Self.digest(of: item)
      now[name] = digest
      if digests[name] != digest { changed.append(item) }
    }
    let gone = digests.keys.filter { now[$0] == nil }.sorted()
    digests = now
    return .init(changed: changed, gone: gone, cursor: text)
  }

  /// Names of files may have any byte in them: all but the usual ones stand as `%XX` (RFC 3986, section 2.1).
  private static func escaped(_ name: String) -> String {
    let usual = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/".utf8)
    return name.utf8.reduce(into: "") { result, byte in
      if usual.contains(byte) {
        result.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        result += byte < 16 ? "%0" + String(byte, radix: 16) : "%" + String(byte, radix: 16)
      }
    }
  }

  private static func unescaped(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else {
        return nil
      }
      bytes.append(escaped)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digest(of item: some Message) throws -> String {
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    let bytes: [UInt8] = try item.serializedBytes(options: options)
    return Digest.hexadecimal(bytes)
  }
}

/// 64 bits of FNV-1a: a guard against mistakes, not against forgery.
enum Digest {
  /// 16 hexadecimal digits.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
