/// The rules for names that people give: which characters, how long.
public enum Names {
  /// Longest id of a user, schedule or subscription, in bytes.
  public static let maximumIDBytes = 128
  /// Longest name of a namespace, queue, sink or event type, in bytes.
  public static let maximumNameBytes = 63
  /// Longest occurrence key, in bytes.
  public static let maximumKeyBytes = 200

  /// Checks the id of a user, schedule or subscription: 1 to 128 of `A-Z a-z 0-9 . _ ~ : @ + -`.
  /// - Throws: `ModelError` that names `field`.
  public static func checkID(_ value: String, field: String) throws(ModelError) {
    let allowed = value.utf8.allSatisfy { isAlphanumeric($0) || Array("._~:@+-".utf8).contains($0) }
    guard allowed, !value.isEmpty, value.utf8.count <= maximumIDBytes else {
      throw ModelError(field: field, "must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ : @ + -")
    }
  }

  /// Checks the name of a namespace, queue, sink or event type: 1 to 63 of `a-z 0-9 -`, a letter or digit first.
  /// - Throws: `ModelError` that names `field`.
  public static func checkName(_ value: String, field: String) throws(ModelError) {
    let allowed = value.utf8.allSatisfy { isLowercaseAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    guard allowed, let first = value.utf8.first, isLowercaseAlphanumeric(first), value.utf8.count <= maximumNameBytes
    else {
      throw ModelError(field: field, "must be 1 to 63 characters of a-z 0-9 -, beginning with a letter or digit")
    }
  }

  /// Checks an occurrence or idempotency key: 1 to 200 printable ASCII characters without space.
  /// - Throws: `ModelError` that names `field`.
  public static func checkKey(_ value: String, field: String) throws(ModelError) {
    guard !value.isEmpty, value.utf8.count <= maximumKeyBytes, value.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else {
      throw ModelError(field: field, "must be 1 to 200 printable ASCII characters without space")
    }
  }

  private static func isLowercaseAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowercaseAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}
