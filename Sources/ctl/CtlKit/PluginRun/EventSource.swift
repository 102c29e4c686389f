/// The lines of a file of events, some at a time.
final class EventSource {
  /// One line.
  struct Line {
    var number: Int
    var value: JSONValue
  }

  private let file: InputFile?
  private let maxBatch: Int
  private var splitter = LineSplitter(maxBytes: RunLimits.maxLineBytes)
  private var waiting: [Line] = []
  private var count = 0
  private var isEnded = false

  /// - Parameter path: nil: the sample event alone.
  init(_ path: String?, maxBatch: Int) throws(CtlError) {
    self.maxBatch = maxBatch
    file = if let path { try InputFile(path) } else { nil }
    if file == nil { (waiting, isEnded) = ([Line(number: 1, value: EventLine.sample)], true) }
  }

  /// The next lines; nil at the end.
  /// - Throws: naming the line that is no JSON, too long, or one too many.
  func next() throws(CtlError) -> [Line]? {
    while waiting.count < maxBatch, !isEnded, let file {
      let piece = try file.read()
      isEnded = piece.isEmpty
      var lines: [LineSplitter.Line] = []
      if isEnded { splitter.finish { lines.append($0) } } else { splitter.consume(piece) { lines.append($0) } }
      for line in lines { try take(line) }
    }
    guard !waiting.isEmpty else { return nil }
    defer { waiting.removeFirst(min(maxBatch, waiting.count)) }
    return Array(waiting.prefix(maxBatch))
  }

  private func take(_ line: LineSplitter.Line) throws(CtlError) {
    let place = "line \(line.number)"
    guard !line.isCut else { throw .invalid(place, "has more than \(RunLimits.maxLineBytes) bytes") }
    guard line.bytes.contains(where: { ![Byte.space, Byte.tab, Byte.carriageReturn].contains($0) }) else { return }
    count += 1
    guard count <= RunLimits.maxEvents else { throw .invalid(place, "is more than \(RunLimits.maxEvents) events") }
    do { waiting.append(Line(number: line.number, value: try JSONValue(parsing: line.bytes))) } catch {
      throw .invalid(place, "is no JSON: \(error.reason) at byte \(error.offset)")
    }
  }
}
