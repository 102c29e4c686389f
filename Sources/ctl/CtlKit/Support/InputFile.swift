#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is read a piece at a time; `-` is standard input.
final class InputFile: Sendable {
  static let pieceBytes = 64 * 1024

  /// As the user named it.
  let name: String
  /// Bytes in all, or nil for what is no regular file.
  let size: Int64?
  private let descriptor: Int32
  private let isOwned: Bool

  init(_ path: String, surroundings: Surroundings = .current) throws(CtlError) {
    isOwned = path != "-"
    name = isOwned ? path : "standard input"
    descriptor = isOwned ? open(path, O_RDONLY | O_CLOEXEC) : surroundings.inputDescriptor
    guard descriptor >= 0 else { throw Self.failure("open", path, errno) }
    var status = stat()
    let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isRegular ? Int64(status.st_size) : nil
  }

  deinit {
    if isOwned, descriptor >= 0 { close(descriptor) }
  }

  /// The next bytes; none at the end.
  func read() throws(CtlError) -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: Self.pieceBytes)
    while true {
      let count = Self.fill(&buffer, descriptor)
      if count >= 0 { return buffer[..<count] }
      if errno != EINTR { throw Self.failure("read", name, errno) }
    }
  }

  /// All of it, if it has no more than `maxBytes`.
  func readAll(maxBytes: Int) throws(CtlError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try read()
      if piece.isEmpty { return bytes }
      guard bytes.count + piece.count <= maxBytes else {
        throw CtlError(.invalidArgument, "\(name) has more than \(maxBytes) bytes", hint: "split it")
      }
      bytes += piece
    }
  }

  private static func fill(_ buffer: inout [UInt8], _ descriptor: Int32) -> Int {
    buffer.withUnsafeMutableBytes { bytes in
      SystemCalls.input(descriptor, bytes)
    }
  }

  private static func failure(_ verb: String, _ path: String, _ number: Int32) -> CtlError {
    CtlError(.invalidArgument, "cannot \(verb) \(Excerpt.of(path)): \(String(cString: strerror(number)))")
  }
}
