import Glibc

/// Why a file cannot be used; to be read after its name.
struct FileError: Error, Hashable, Sendable {
  var message: String
  /// errno, where a call failed.
  var number: Int32?

  init(_ message: String, number: Int32? = nil) {
    self.message = message
    self.number = number
  }

  /// Whether there is no such file.
  var isAbsence: Bool { number == ENOENT }

  /// A call that failed, by errno.
  static func call(_ what: String, _ number: Int32 = errno) -> FileError {
    FileError("\(what): \(String(cString: strerror(number)))", number: number)
  }
}

/// Reads whole files, of bounded length.
enum BoundedFile {
  /// A regular file's text.
  /// - Parameters:
  ///   - maximumBytes: longer files are refused.
  ///   - mayOthersRead: false for a key: it is refused when every user of the machine can read it. Its group may, so that
  ///     a machine's administrators can share it.
  static func text(_ path: String, maximumBytes: Int, mayOthersRead: Bool = true) throws(FileError) -> String {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .call("cannot be read") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .call("cannot be read") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError("is no regular file") }
    guard mayOthersRead || status.st_mode & 0o007 == 0 else {
      throw FileError("is open to every user of this machine: take their right away (chmod o= \(path))")
    }
    let bytes = try read(file, maximumBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw FileError("is no UTF-8 text") }
    return text
  }

  private static func read(_ file: Int32, _ maximumBytes: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .call("cannot be read") }
      if got == 0 { break }
      count += got
    }
    guard count <= maximumBytes else { throw FileError("has more than \(maximumBytes) bytes") }
    return Array(bytes[..<count])
  }
}
