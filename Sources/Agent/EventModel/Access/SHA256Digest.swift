/// A SHA-256 that somebody computed: of a token's secret, or of a certificate's DER form.
public struct SHA256Digest: Hashable, Sendable {
  /// Its 32 bytes.
  public let bytes: [UInt8]

  /// Takes the bytes; nil unless they are 32.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Reads 64 hexadecimal digits, in any case; nil for anything else.
  public init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap(Self.value)
    guard digits.count == 64, text.utf8.count == 64 else { return nil }
    bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether both are the same, in a time that does not depend on where they differ.
  public func isSame(as other: SHA256Digest) -> Bool {
    zip(bytes, other.bytes).reduce(UInt8(0)) { $0 | $1.0 ^ $1.1 } == 0
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
