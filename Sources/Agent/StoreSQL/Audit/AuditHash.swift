import Crypto
import EventModel
import Store

/// The audit's hashes, all SHA-256 in lower-case hexadecimal.
///
/// What is hashed is a list of texts, each as its length in bytes, a colon, its UTF-8 and a comma, so that no two lists are
/// the same bytes.
enum AuditHash {
  static func sha256(_ texts: [String]) -> String {
    var hash = SHA256()
    for text in texts {
      var text = text
      text.withUTF8 { bytes in
        hash.update(data: Array("\(bytes.count):".utf8))
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        hash.update(data: [UInt8(ascii: ",")])
      }
    }
    return hexadecimal(hash.finalize())
  }

  /// HMAC-SHA-256: equal bytes look equal under one key, and tell no more.
  static func keyed(_ key: [UInt8], _ bytes: [UInt8]) -> String {
    hexadecimal(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
  }

  /// Random bytes, in hexadecimal.
  static func random(bytes count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return hexadecimal((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// An audit record as its row has it.
///
/// The hash covers every column: what erasing a person empties (the reason, and the values before and after) by `content`, a
/// hash of them and of a random salt. The salt is emptied with them, so that nothing can be found out about the words by
/// trying, and the chain still holds.
struct StoredAudit {
  var id: Int64
  var agent: String
  var number: Int64
  var at: Timestamp
  var actor: String
  var action: String
  var resource: String
  var count: Int64
  var digest: String
  var schedule: Int64?
  var person: Int64?
  var reason: String
  var before: String
  var after: String
  var salt: String
  var content: String
  var previous: String
  var hash: String

  static let columns = """
    t.id, t.agent, t.number, t.at, t.actor, t.action, t.resource, t.count, t.digest, t.schedule, t.person, t.reason,
    t.old_values, t.new_values, t.salt, t.content, t.previous, t.hash
    """

  init(_ columns: Columns) {
    id = columns.int64(0)
    agent = columns.text(1)
    number = columns.int64(2)
    at = columns.time(3)
    actor = columns.text(4)
    action = columns.text(5)
    resource = columns.text(6)
    count = columns.int64(7)
    digest = columns.text(8)
    schedule = columns.optionalInt64(9)
    person = columns.optionalInt64(10)
    reason = columns.text(11)
    before = columns.text(12)
    after = columns.text(13)
    salt = columns.text(14)
    content = columns.text(15)
    previous = columns.text(16)
    hash = columns.text(17)
  }

  init(id: Int64, place: ChainPlace, _ record: AuditRecord, _ actor: Actor, count: Int, digest: String, at: Timestamp) {
    self.id = id
    agent = place.agent
    number = place.number + 1
    self.at = at
    self.actor = actor.name
    action = record.action
    resource = record.resource
    self.count = Int64(count)
    self.digest = digest
    schedule = record.schedule?.rawValue
    person = record.person
    reason = record.reason
    before = record.before
    after = record.after
    salt = AuditHash.random(bytes: 16)
    content = ""
    previous = place.hash
    hash = ""
    seal()
  }

  /// Puts it at a place of a chain.
  mutating func append(to place: ChainPlace) {
    agent = place.agent
    number = place.number + 1
    previous = place.hash
    salt = AuditHash.random(bytes: 16)
    seal()
  }

  private mutating func seal() {
    content = contentHash
    hash = ownHash
  }

  var contentHash: String { AuditHash.sha256([salt, reason, before, after]) }

  var ownHash: String {
    let numbers = [number, id, at.microseconds, count].map(String.init)
    let optionals = [schedule, person].map { $0.map(String.init) ?? "" }
    return AuditHash.sha256(
      ["carillon audit 1", previous, agent] + numbers + [actor, action, resource, digest] + optionals + [content])
  }

  /// Whether a person's erasing emptied it.
  var isEmptied: Bool { salt.isEmpty && reason.isEmpty && before.isEmpty && after.isEmpty }
}

/// Where a chain stands: its last record.
struct ChainPlace: Hashable {
  var agent: String
  /// Of the last record; 0: there is none.
  var number: Int64
  /// Of the last record; empty: there is none.
  var hash: String
}
