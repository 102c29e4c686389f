import AgentHarness
import Foundation

/// What `make install` leaves behind, made of the programs that are built already.
struct Installation {
  /// The folder with `bin`, `lib`, `include` and `share`.
  let prefix: String
  /// An empty folder to work in.
  let work: String
  /// What a new user's shell has: a home of their own, and no agent's socket.
  let environment: [String: String]

  static func make(in folder: TemporaryFolder) async throws -> Installation {
    let programs = try Programs.find()
    let manager = FileManager.default
    let prefix = "\(folder.path)/installed"
    let (plugins, home, work) = ("\(prefix)/lib/carillon/plugins", "\(folder.path)/home", "\(folder.path)/work")
    for path in ["\(prefix)/bin", plugins, home, work] {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    for name in ["agent", "ctl", "carillon-runner"] {
      try link("\(programs.folder)/\(name)", to: "\(prefix)/bin/\(name)")
    }
    for name in Programs.plugins {
      try manager.copyItem(atPath: programs.plugin(name), toPath: "\(plugins)/libcarillon-\(name).so")
    }
    _ = try await Tool.output("\(Programs.repository)/deploy/install-headers.sh", [prefix])
    return Installation(
      prefix: prefix, work: work,
      environment: [
        "HOME": home, "PATH": Programs.value(of: "PATH") ?? "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "120",
        // Another agent of this machine may have the usual port.
        "CARILLON_LISTEN_OPS": "127.0.0.1:\(try LoopbackPort.free())",
      ])
  }

  /// A second name for the same file: programs look for what is installed beside the name they were started by.
  private static func link(_ file: String, to target: String) throws {
    do { try FileManager.default.linkItem(atPath: file, toPath: target) } catch {
      try FileManager.default.copyItem(atPath: file, toPath: target)
    }
  }
}
