import Glibc
import PluginKit0

/// A file that lines are appended to. Opened for each batch, so that it may be moved away (logrotate) at any time.
struct LineFile: ~Copyable {
  private let descriptor: Int32
  /// Where the next line goes, in bytes from the start.
  private(set) var end: Int64

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    end = 0
  }

  deinit { close(descriptor) }

  /// Opens a regular file, or makes it.
  static func open(_ path: String) throws(PluginError) -> LineFile {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = Glibc.open(path, flags, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else { throw PluginError(.failed, "\(path): \(Self.reason(errno))") }
    var file = LineFile(descriptor: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PluginError(.failed, "\(path): is no regular file")
    }
    file.end = Int64(status.st_size)
    return file
  }

  /// Appends all of a line or nothing: half a line would spoil the next one.
  /// - Returns: what went wrong; nil when nothing did.
  mutating func append(_ line: String) -> String? {
    let bytes = Array(line.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let code = written < 0 ? errno : EIO
        return done > 0 && ftruncate(descriptor, off_t(end)) != 0 ? Self.reason(errno) : Self.reason(code)
      }
      done += written
    }
    end += Int64(bytes.count)
    return nil
  }

  /// Waits until the disk has all of it.
  /// - Returns: what went wrong; nil when nothing did.
  func sync() -> String? { fdatasync(descriptor) == 0 ? nil : Self.reason(errno) }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
