/// Splits bytes into lines of a bounded length.
struct LineSplitter {
  struct Line: Equatable {
    /// From 1.
    var number: Int
    var bytes: [UInt8]
    /// More followed than is kept.
    var isCut = false
  }

  private let maxBytes: Int
  private var current: Line

  init(maxBytes: Int) {
    self.maxBytes = maxBytes
    current = Line(number: 1, bytes: [])
  }

  /// Takes the next bytes and hands each line that they complete to `body`.
  mutating func consume(_ bytes: some Collection<UInt8>, _ body: (Line) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: Byte.lineFeed) {
      append(rest[..<end])
      let number = current.number
      body(current)
      current = Line(number: number + 1, bytes: [])
      rest = rest[rest.index(after: end)...]
    }
    append(rest)
  }

  /// Hands out the last line; the input has ended.
  mutating func finish(_ body: (Line) -> Void) {
    if !current.bytes.isEmpty { body(current) }
    current.bytes = []
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    let room = maxBytes - current.bytes.count
    if bytes.count > room { current.isCut = true }
    current.bytes.append(contentsOf: bytes.prefix(room))
  }
}
