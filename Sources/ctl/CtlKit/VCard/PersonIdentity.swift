import Crypto

/// The id under which a card's person is kept. The same card gives the same id at every import.
enum PersonIdentity {
  private static let digestBytes = 16

  /// What the API takes as an id: `[A-Za-z0-9._~:@+-]{1,128}`.
  static func isValid(_ id: String) -> Bool {
    1...128 ~= id.utf8.count
      && id.utf8.allSatisfy { Byte.isLetter($0) || Byte.isDigit($0) || "._~:@+-".utf8.contains($0) }
  }

  /// The UID itself where it is a valid id, else `u-` and a digest of it.
  static func id(ofUID uid: String) -> String {
    isValid(uid) ? uid : "u-" + digest(uid)
  }

  /// For a card without UID: `c-` and a digest of what tells people apart. Someone who changes one
  /// of these is a new person at the next import.
  static func id(name: String, birth: PartialDate?, email: String?) -> String {
    "c-" + digest([name, birth?.description ?? "", email?.lowercased() ?? ""].joined(separator: "\n"))
  }

  /// 32 hexadecimal digits that stand for the text.
  static func digest(_ text: String) -> String {
    Byte.hex(SHA256.hash(data: Array(text.utf8)).prefix(digestBytes))
  }
}

/// Stands for a text by 16 bytes of its digest, so that a million of them stay small.
struct DigestKey: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  init(_ text: String) {
    (high, low) = SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { bytes in
      (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}

/// A set of ids by digest.
struct SeenIdentities {
  private var keys: Set<DigestKey> = []

  /// False when it was there already.
  mutating func insert(_ id: String) -> Bool { keys.insert(DigestKey(id)).inserted }
}
