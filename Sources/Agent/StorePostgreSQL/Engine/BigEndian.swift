/// PostgreSQL's binary formats are big-endian.
extension [UInt8] {
  /// Appends an integer's bytes, the most significant first.
  @inline(__always)
  mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}

extension UnsafeRawPointer {
  /// The integer whose most significant byte stands here.
  @inline(__always)
  func bigEndian<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int = 0) -> Value {
    Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
