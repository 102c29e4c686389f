import CPluginAPI

// Reading what the host lends for the duration of a call. Nothing it says is believed unchecked: a wrong size,
// a null pointer or bytes that are not UTF-8 become an error of that call.

enum Borrowed {
  /// The longest string taken over the boundary.
  static let maxStringBytes = 16 << 20

  /// The most requests, events, deliveries or tickets in one call.
  static let maxBatch = 1 << 20

  /// Copies a structure that begins with its size. What the sender's version does not have is zero; what it has
  /// beyond ours is not read.
  ///
  /// - Parameter floor: the structure's size in the first version of the ABI, below which it is damaged.
  static func structure<Value: BitwiseCopyable>(
    _ pointer: UnsafePointer<Value>?, floor: Int = MemoryLayout<Value>.size
  ) throws(PluginError) -> Value {
    guard let pointer else { throw PluginError(.invalid, "no \(Value.self) was given") }
    let size = Int(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
    if size >= MemoryLayout<Value>.size { return pointer.pointee }
    guard size >= floor else {
      throw PluginError(.invalid, "the struct_size of \(Value.self) is \(size), and must be at least \(floor)")
    }
    return withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { space in
      let raw = UnsafeMutableRawBufferPointer(space)
      raw.initializeMemory(as: UInt8.self, repeating: 0)
      raw.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
      return raw.load(as: Value.self)
    }
  }

  static func string(_ borrowed: carillon_str, _ name: StaticString) throws(PluginError) -> String {
    if borrowed.len == 0 { return "" }
    guard let start = borrowed.ptr else { throw PluginError(.invalid, "\(name) has a length and no bytes") }
    guard borrowed.len <= maxStringBytes else {
      throw PluginError(.invalid, "\(name) is longer than \(maxStringBytes) bytes")
    }
    let text = start.withMemoryRebound(to: UInt8.self, capacity: borrowed.len) {
      String(strict: UnsafeBufferPointer(start: $0, count: borrowed.len))
    }
    guard let text else { throw PluginError(.invalid, "\(name) is not UTF-8") }
    return text
  }

  static func civil(_ borrowed: carillon_civil, _ name: StaticString) throws(PluginError) -> Civil {
    guard
      let date = CivilDate(year: Int(borrowed.year), month: Int(borrowed.month), day: Int(borrowed.day)),
      let time = CivilTimeOfDay(
        hour: Int(borrowed.hour), minute: Int(borrowed.minute), second: Int(borrowed.second))
    else { throw PluginError(.invalid, "\(name) is no date and time") }
    return Civil(date, time, fold: Int(borrowed.fold))
  }

  /// An array of so many elements, or an error when its length cannot be.
  static func array<Element>(_ start: UnsafePointer<Element>?, _ count: Int) throws(PluginError)
    -> UnsafeBufferPointer<Element>
  {
    if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
    guard let start, 0...maxBatch ~= count else {
      throw PluginError(.invalid, "a batch of \(count) cannot be, at most \(maxBatch)")
    }
    return UnsafeBufferPointer(start: start, count: count)
  }
}

extension carillon_civil {
  init(_ civil: Civil) {
    self.init()
    year = Int32(clamping: civil.date.year)
    month = UInt8(clamping: civil.date.month)
    day = UInt8(clamping: civil.date.day)
    hour = UInt8(clamping: civil.time.hour)
    minute = UInt8(clamping: civil.time.minute)
    second = UInt8(clamping: civil.time.second)
    fold = UInt8(clamping: civil.fold)
  }
}

/// Lends a string's bytes for the duration of a closure.
@inline(__always)
func lending<Result>(_ text: String, _ body: (carillon_str) -> Result) -> Result {
  var text = text
  return text.withUTF8 { bytes in
    body(
      carillon_str(
        ptr: UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), len: bytes.count))
  }
}

extension carillon_str {
  static var empty: carillon_str { carillon_str(ptr: nil, len: 0) }
}
