import Logging

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What a plugin's process writes to its standard output and error, as lines of the log: bounded in length and, by the
/// plugin's log, in number.
enum OutputReader {
  private static let bufferBytes = 4_096

  /// Reads on a thread of its own until nobody can write any more; takes the descriptor over.
  static func start(_ descriptor: Int32, into log: PluginLog) {
    let isRunning = HostThread.start("plugin-output") {
      var lines = LineCutter()
      var buffer = [UInt8](repeating: 0, count: bufferBytes)
      while true {
        let got = read(descriptor, &buffer, buffer.count)
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { break }
        for line in lines.take(buffer[..<got]) { write(line, log) }
      }
      if let rest = lines.rest { write(rest, log) }
      close(descriptor)
    }
    // Without a thread nobody reads; the process then sees a closed pipe, which it must live with.
    if !isRunning { close(descriptor) }
  }

  private static func write(_ line: String, _ log: PluginLog) {
    log.write(.warning, instance: "", "wrote: \(PlainText.oneLine(line))")
  }
}

/// Cuts bytes into lines of bounded length.
struct LineCutter {
  /// Longest line, in bytes; a longer one is cut into several.
  static let maximumBytes = 4_096

  private var line: [UInt8] = []

  /// The lines that are whole with these bytes.
  mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || line.count == Self.maximumBytes {
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        line.removeAll(keepingCapacity: true)
        if byte == UInt8(ascii: "\n") { continue }
      }
      line.append(byte)
    }
    return lines
  }

  /// What is left without an end.
  var rest: String? { line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
}
