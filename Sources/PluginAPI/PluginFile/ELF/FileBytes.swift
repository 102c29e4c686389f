import Crypto

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// An open file, read in pieces that are known to be inside it.
struct FileBytes {
  /// Most bytes that are hashed at a time.
  private static let pieceBytes = 256 * 1_024

  let name: String
  let size: UInt64
  private let descriptor: Int32

  init(descriptor: Int32, name: String) throws(PluginFileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw PluginFileError(.unreadable, "\(name): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw PluginFileError(.unreadable, "\(name) is no regular file") }
    self.descriptor = descriptor
    self.name = name
    size = UInt64(max(0, status.st_size))
    guard size <= PluginFile.maximumBytes else {
      throw fault("has \(size) bytes; at most \(PluginFile.maximumBytes) are allowed")
    }
  }

  /// An error about this file.
  func fault(_ what: String) -> PluginFileError { PluginFileError(.notALibrary, "\(name) \(what)") }

  /// The error of a file whose headers promise more than it has.
  var cutShort: PluginFileError { fault("is cut short: its headers name parts beyond its \(size) bytes") }

  /// Whether so many bytes from there are inside the file.
  func isInside(_ offset: UInt64, _ count: UInt64) -> Bool {
    let (end, overflow) = offset.addingReportingOverflow(count)
    return !overflow && end <= size
  }

  /// Bytes of the file. The caller bounds `count`.
  func read(_ offset: UInt64, _ count: Int) throws(PluginFileError) -> Bytes {
    guard count >= 0, isInside(offset, UInt64(count)) else { throw cutShort }
    var buffer = [UInt8](repeating: 0, count: count)
    try fill(&buffer, from: offset, count)
    return Bytes(buffer)
  }

  /// SHA-256 of the whole, in hexadecimal digits.
  func sha256() throws(PluginFileError) -> String {
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: Int(min(size, UInt64(Self.pieceBytes))))
    var offset: UInt64 = 0
    while offset < size {
      let count = Int(min(size - offset, UInt64(piece.count)))
      try fill(&piece, from: offset, count)
      piece.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += UInt64(count)
    }
    return Hexadecimal.text(hash.finalize())
  }

  private func fill(_ buffer: inout [UInt8], from offset: UInt64, _ count: Int) throws(PluginFileError) {
    var done = 0
    while done < count {
      let got = buffer.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw PluginFileError(.unreadable, "\(name): \(String(cString: strerror(errno)))") }
      // The file was longer a moment ago.
      guard got > 0 else { throw cutShort }
      done += got
    }
  }
}
