import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The folder of one trial: the agent's store, configuration, plugins and log, and what the plugins wrote.
struct HostFolder: Sendable {
  /// Most that is read of a file that a plugin or the agent wrote, in bytes.
  static let maximumReadBytes = 16 * 1_024 * 1_024
  /// Longest library.
  private static let maximumLibraryBytes = 64 * 1_024 * 1_024
  /// What the hostile plugin's orders follow in its file; `orders.c`.
  private static let mark = "CARILLON-HOSTILE-ORDERS:"
  private static let maximumOrdersBytes = 1_023
  /// What the healthy sink gets from the agent's environment, and nobody else may.
  static let secretName = "CARILLON_CHECK_SECRET"

  /// Its path; short, because a Unix socket's path has at most 107 bytes.
  let path: String

  var socket: String { "\(path)/agent.sock" }
  var configuration: String { "\(path)/agent.yaml" }
  var log: String { "\(path)/agent.log" }
  /// What the healthy sink delivered.
  var deliveries: String { "\(path)/deliveries" }
  /// What the hostile plugin told.
  var told: String { "\(path)/told" }

  /// Makes it, with all that an agent needs.
  init(_ trial: HostTrial, _ programs: HostPrograms) throws(CtlError) {
    let base = Surroundings.current.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/carillon-host-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw CtlError(.failed, "cannot make a folder in \(base): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do throws(CtlError) {
      for name in ["state", "plugins"] { try PrivateFolder.make("\(path)/\(name)") }
      try write(try Self.read(programs.witness, Self.maximumLibraryBytes), to: "plugins/witness.so")
      try write(try library(trial, programs), to: "plugins/hostile.so")
      try write(Array(settings(trial.place).utf8), to: "agent.yaml")
    } catch {
      remove()
      throw error
    }
  }

  /// Takes it away with all that is in it.
  func remove() {
    // What cannot be removed stays in the system's folder for temporary files.
    try? FileManager.default.removeItem(atPath: path)
  }

  private func settings(_ place: HostCase.Place) -> String {
    """
    agent:
      name: checked
      state_directory: \(path)/state
    store:
      path: \(path)/state/carillon.db
    plugins:
      folders: [\(path)/plugins]
      in_process: [\(place == .inProcess ? "hostile, witness" : "")]
      memory_mib: 256
      open_files: 64
    listen:
      socket: \(socket)
      ops: ""
    drain:
      timeout: 2s
    log:
      format: logfmt

    """
  }

  /// The hostile library, with its orders in it.
  private func library(_ trial: HostTrial, _ programs: HostPrograms) throws(CtlError) -> [UInt8] {
    var bytes = try Self.read(programs.hostile, Self.maximumLibraryBytes)
    let mark = Array(Self.mark.utf8)
    let orders = Array("\(trial.test.name) \(trial.seed) \(told)".utf8) + [0]
    let places = bytes.indices.dropLast(mark.count).filter { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    guard places.count == 1, let place = places.first, orders.count <= Self.maximumOrdersBytes,
      place + mark.count + Self.maximumOrdersBytes <= bytes.count
    else { throw CtlError(.failed, "\(programs.hostile) is not the hostile plugin of this version") }
    bytes.replaceSubrange((place + mark.count)..<(place + mark.count + orders.count), with: orders)
    return bytes
  }

  private func write(_ bytes: [UInt8], to name: String) throws(CtlError) {
    let file = "\(path)/\(name)"
    do { try Data(bytes).write(to: URL(filePath: file)) } catch {
      throw CtlError(.failed, "cannot write \(file)", cause: error)
    }
    chmod(file, 0o600)
  }

  /// A file's bytes, at most so many; empty when it is not there.
  static func bytes(_ path: String, limit: Int = maximumReadBytes) -> [UInt8] {
    (try? read(path, limit)) ?? []
  }

  /// A file's lines; malformed UTF-8 is repaired.
  static func lines(_ path: String) -> [Substring] {
    String(decoding: bytes(path), as: UTF8.self).split(separator: "\n")
  }

  private static func read(_ path: String, _ limit: Int) throws(CtlError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CtlError(.failed, "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { SystemCalls.end(descriptor) }
    var content: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 256 * 1_024)
    while content.count < limit {
      let count = part.withUnsafeMutableBytes { SystemCalls.input(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      content += part[..<min(count, limit - content.count)]
    }
    return content
  }
}

extension HostFolder {
  /// Whether there is no such file.
  static func isMissing(_ path: String) -> Bool { access(path, F_OK) != 0 }
}
