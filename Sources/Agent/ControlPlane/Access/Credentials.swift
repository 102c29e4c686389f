import EventModel
import GRPCCore

/// What a call came with to show whose it is.
struct Credentials: Hashable, Sendable {
  /// What is known of its connection; nil for a call from within this program.
  var connection: ConnectionFacts?
  /// The token in its metadata.
  var token: PresentedToken?

  /// Reads what a call over a listener came with.
  /// - Throws: UNAUTHENTICATED when there is something that cannot be read.
  init(_ metadata: Metadata, connection: ConnectionFacts?) throws {
    self.connection = connection
    let values = Array(metadata[stringValues: "authorization"])
    guard let value = values.first else { return }
    guard values.count == 1 else {
      throw Refusal.unauthenticated("there must be one header authorization, not several")
    }
    token = try PresentedToken(header: value)
  }

  /// Those of a call from within this program.
  init() {}
}

/// A bearer token as a caller sent it, without the secret: what is compared is its hash.
struct PresentedToken: Hashable, Sendable {
  let id: String
  let digest: SHA256Digest

  /// Reads `Bearer cart_…` (RFC 6750, section 2.1).
  init(header: String) throws {
    let wrong = Refusal.unauthenticated("the header authorization must be: Bearer cart_…")
    guard header.utf8.count <= TokenSecret.maximumBytes + 16 else { throw wrong }
    let parts = header.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer", let id = TokenSecret.id(of: parts[1]),
      let digest = TokenSecret.digest(of: parts[1])
    else { throw wrong }
    self.id = id
    self.digest = digest
  }
}

/// The text of a token: `cart_`, its id, `_`, and 32 random bytes in base64url (RFC 4648, section 5) without padding. The
/// prefix lets scanners find one that was written where it should not be.
enum TokenSecret {
  private static let prefix = "cart_"
  private static let randomBytes = 32
  private static let randomCharacters = 43
  /// The longest text.
  static let maximumBytes = 5 + 63 + 1 + randomCharacters

  /// Makes a new one.
  static func make(id: String) -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<randomBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return prefix + id + "_" + base64URL(bytes)
  }

  /// What is kept of one.
  static func digest(of text: some StringProtocol) -> SHA256Digest? {
    SHA256Digest(of: Array(text.utf8))
  }

  /// The id in a text; nil for what is no token's.
  static func id(of text: some StringProtocol) -> String? {
    guard text.hasPrefix(prefix) else { return nil }
    let rest = text.dropFirst(prefix.count)
    // Ids have no underscore; what follows may.
    guard let end = rest.firstIndex(of: "_") else { return nil }
    let id = String(rest[..<end])
    let random = rest[rest.index(after: end)...]
    guard random.utf8.count == randomCharacters, (try? Names.checkName(id, field: "")) != nil else { return nil }
    return id
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func base64URL(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }
}
