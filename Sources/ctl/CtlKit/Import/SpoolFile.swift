#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A temporary file without a name: the system takes it back when it is closed, however `ctl` ends.
final class SpoolFile: Sendable {
  /// Most bytes that are kept.
  static let maxBytes: Int64 = 4 * 1024 * 1024 * 1024

  private let descriptor: Int32

  init(folder: String) throws(CtlError) {
    var template = Array("\(folder)/ctl-import-XXXXXX".utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { name in
      guard let base = name.baseAddress else { return -1 }
      let descriptor = mkstemp(base)
      if descriptor >= 0 { unlink(base) }
      return descriptor
    }
    guard descriptor >= 0 else { throw Self.failure("make a temporary file in \(Excerpt.of(folder))") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func write(_ bytes: ArraySlice<UInt8>) throws(CtlError) {
    guard Int64(lseek(descriptor, 0, SEEK_CUR)) + Int64(bytes.count) <= Self.maxBytes else {
      throw CtlError(
        .invalidArgument, "the input has more than \(Self.maxBytes) bytes", hint: "give a file, not a stream")
    }
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.put(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("write a temporary file") }
      rest = rest.dropFirst(count)
    }
  }

  func rewind() throws(CtlError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure("read a temporary file") }
  }

  /// The next bytes; none at the end.
  func read() throws(CtlError) -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: InputFile.pieceBytes)
    while true {
      let count = buffer.withUnsafeMutableBytes { Self.get(descriptor, $0) }
      if count >= 0 { return buffer[..<count] }
      if errno != EINTR { throw Self.failure("read a temporary file") }
    }
  }

  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    SystemCalls.output(descriptor, bytes)
  }

  private static func get(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    SystemCalls.input(descriptor, bytes)
  }

  private static func failure(_ what: String) -> CtlError {
    CtlError(.failed, "cannot \(what): \(String(cString: strerror(errno)))", hint: "TMPDIR names another folder")
  }
}
