#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Finds the secret that a reference stands for. Asked anew each time, so that a rotated secret is seen.
public struct SecretResolver: Sendable {
  /// Longest secret, in bytes.
  public static let maximumBytes = 64 * 1_024
  /// Longest reference, in bytes.
  public static let maximumReferenceBytes = 4_096

  /// What a reference names.
  enum Reference: Equatable {
    case file(String)
    case environment(String)
    case credential(String)

    /// Reads `file:/path`, `env:NAME` or `credential:NAME`; nil for anything else.
    init?(_ text: String) {
      guard text.utf8.count <= maximumReferenceBytes, !text.utf8.contains(0),
        let colon = text.firstIndex(of: ":")
      else { return nil }
      let rest = String(text[text.index(after: colon)...])
      switch text[..<colon] {
      case "file" where rest.hasPrefix("/"): self = .file(rest)
      case "env" where !rest.isEmpty && !rest.contains("="): self = .environment(rest)
      case "credential" where !rest.isEmpty && !rest.contains("/") && rest != "." && rest != "..":
        self = .credential(rest)
      default: return nil
      }
    }
  }

  private let credentialsFolder: String?
  private let environment: @Sendable (String) -> String?
  private let exposed: @Sendable (String) -> Void

  /// Resolves with the process's environment; credentials are in `$CREDENTIALS_DIRECTORY`, as systemd has it.
  /// - Parameter exposed: told the path of a file that every user of the machine can read, each time it is read. It is
  ///   taken all the same: where a container's platform mounts secrets, that is how they come.
  public init(exposed: @escaping @Sendable (String) -> Void = { _ in }) {
    self.init(environment: { name in getenv(name).map { String(cString: $0) } }, exposed: exposed)
  }

  /// Resolves with an environment of the caller's.
  public init(
    environment: @escaping @Sendable (String) -> String?, exposed: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.environment = environment
    self.exposed = exposed
    credentialsFolder = environment("CREDENTIALS_DIRECTORY")
  }

  /// Calls `body` with the secret's bytes, and wipes them.
  /// - Throws: `.secret`, naming the reference and never the secret.
  func resolve(_ reference: Reference, _ body: (UnsafeBufferPointer<UInt8>) -> Void) throws(PluginHostError) {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.maximumBytes + 1)
    defer {
      if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
      buffer.deallocate()
    }
    let count: Int
    switch reference {
    case .environment(let name):
      guard let value = environment(name) else { throw Self.missing("the environment variable \(name) is not set") }
      guard value.utf8.count <= Self.maximumBytes else { throw Self.tooLong("the environment variable \(name)") }
      count = buffer.update(from: value.utf8).index
    case .file(let path): count = try read(path, into: buffer)
    case .credential(let name):
      guard let path = credential(name) else {
        throw Self.missing("the credential \(name): CREDENTIALS_DIRECTORY is not set")
      }
      count = try read(path, into: buffer)
    }
    body(UnsafeBufferPointer(rebasing: buffer[..<count]))
  }

  /// Where systemd put a credential; nil when it handed none over.
  func credential(_ name: String) -> String? {
    guard let folder = credentialsFolder, folder.hasPrefix("/") else { return nil }
    return folder + "/" + name
  }

  /// Reads a regular file, less one trailing newline; answers how many bytes.
  private func read(
    _ path: String, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(PluginHostError) -> Int {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw Self.missing("the file \(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Self.missing("the file \(path) is no regular file")
    }
    if status.st_mode & S_IROTH != 0 { exposed(path) }
    var count = 0
    while count < buffer.count {
      let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.missing("the file \(path): \(String(cString: strerror(errno)))") }
      if got == 0 { break }
      count += got
    }
    guard count <= Self.maximumBytes else { throw Self.tooLong("the file \(path)") }
    return count > 0 && buffer[count - 1] == UInt8(ascii: "\n") ? count - 1 : count
  }

  private static func missing(_ what: String) -> PluginHostError { PluginHostError(.notFound, what) }

  private static func tooLong(_ what: String) -> PluginHostError {
    PluginHostError(.secret, "\(what) has more than \(maximumBytes) bytes")
  }
}
