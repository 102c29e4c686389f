/// A file or a stream that is looked at before it is read, and that may be read twice.
struct ImportInput: Sendable {
  let name: String
  /// Bytes in all, if known.
  let size: Int64?
  private let path: String
  private var file: InputFile
  private var spool: SpoolFile?
  /// Read already, and to be handed out first.
  private var head: [UInt8] = []

  init(_ path: String, surroundings: Surroundings) throws(CtlError) {
    self.path = path
    file = try InputFile(path, surroundings: surroundings)
    name = file.name
    size = file.size
  }

  /// The first bytes: as many as asked for, fewer where there are no more.
  mutating func peek(_ count: Int) throws(CtlError) -> [UInt8] {
    while head.count < count {
      let piece = try file.read()
      if piece.isEmpty { break }
      head += piece
    }
    return head
  }

  /// The next bytes; none at the end.
  mutating func read() throws(CtlError) -> ArraySlice<UInt8> {
    if !head.isEmpty {
      defer { head = [] }
      return head[...]
    }
    guard let spool else { return try file.read() }
    return try spool.read()
  }

  /// Hands all of it to `body`, and begins again. What cannot be read twice is kept in a temporary file meanwhile.
  mutating func readAhead(
    temporary folder: String, _ body: (ArraySlice<UInt8>) throws(CtlError) -> Void
  ) throws(CtlError) {
    let isRereadable = size != nil && path != "-"
    let spool = isRereadable ? nil : try SpoolFile(folder: folder)
    while true {
      let piece = try read()
      try body(piece)
      if piece.isEmpty { break }
      try spool?.write(piece)
    }
    if isRereadable { file = try InputFile(path) }
    try spool?.rewind()
    self.spool = spool
  }
}
