import PluginFile

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A plugin's file as it was checked: a copy in memory that nobody can change any more, so that what was hashed is what
/// runs.
///
/// The descriptor of one that runs in this process stays open while that lives: the dynamic loader knows libraries by
/// name, and a number that is used again would bring back the old one. That of one in processes of its own is closed with
/// it.
struct PluginImage: Sendable {
  /// Where it was copied from.
  let file: String
  /// The sealed copy.
  let descriptor: Int32
  /// What it says without being loaded, its SHA-256 among it.
  let facts: PluginFile

  /// Largest file that is copied, in bytes.
  static let maximumBytes: UInt64 = 512 * 1_024 * 1_024

  /// The name by which the loader opens it. With the process's number, not "self": a debugger opens it by the same name,
  /// and would find a descriptor of its own.
  var path: String { "/proc/\(getpid())/fd/\(descriptor)" }
  /// Its digest as configurations write it.
  var digest: String { facts.digest }
  /// The version of the ABI in its note, `0.4`; empty when it has none.
  var abiVersion: String { facts.abi.map { "\($0.major).\($0.minor)" } ?? "" }
  /// The manifest in its note, if it has one.
  var noted: String? { facts.manifest }

  /// Checks a file, copies it, and seals the copy.
  /// - Throws: `.unsafeFile`, `.notALibrary`, `.missingSymbol`, or `.notLoadable` when there is no memory for it.
  static func open(_ path: String, allowsUnsafe: Bool) throws(PluginHostError) -> PluginImage {
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw PluginHostError(.unsafeFile, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw PluginHostError(.unsafeFile, "\(path): \(String(cString: strerror(errno)))")
    }
    try FileRules.checkFile(path, status, allowsUnsafe: allowsUnsafe)
    let size = UInt64(max(0, status.st_size))
    guard size <= maximumBytes else {
      throw PluginHostError(
        .notLoadable, "\(path) has \(size) bytes; a plugin has at most \(maximumBytes)")
    }
    let copy = try sealedCopy(file, size, path)
    do throws(PluginHostError) {
      return PluginImage(file: path, descriptor: copy, facts: try ELFFile.read(copy, path: path))
    } catch {
      close(copy)
      throw error
    }
  }

  private static func sealedCopy(_ file: Int32, _ size: UInt64, _ path: String) throws(PluginHostError) -> Int32 {
    let copy = GNU.memoryFile("carillon-plugin")
    guard copy >= 0 else { throw fault(path) }
    var offset: off_t = 0
    while offset < off_t(size) {
      let got = sendfile(copy, file, &offset, Int(size) - Int(offset))
      if got < 0, errno == EINTR { continue }
      // A file that shrinks while it is copied is cut short, which the check of its headers finds.
      if got == 0 { break }
      guard got > 0 else {
        let error = fault(path)
        close(copy)
        throw error
      }
    }
    guard GNU.seal(copy) else {
      let error = fault(path)
      close(copy)
      throw error
    }
    return copy
  }

  private static func fault(_ path: String) -> PluginHostError {
    PluginHostError(.notLoadable, "\(path) cannot be copied: \(String(cString: strerror(errno)))")
  }
}

extension PluginImage {
  /// Closes the copy of a file that this process's loader has not seen.
  func closeUnseen() { close(descriptor) }
}
