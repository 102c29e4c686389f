/// Idempotency keys of our own, so that a call that the transport repeats makes no second event.
enum RandomKey {
  static let bytes = 16

  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return "ctl-" + Byte.hex((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }
}
