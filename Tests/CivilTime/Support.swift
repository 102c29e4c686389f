import CivilTime
import Foundation
import Testing

/// A folder that is removed with the last use of it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "civil-time-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Puts a file in place as package managers do: written beside it, then renamed over it.
  func put(_ name: String, _ bytes: [UInt8]) throws {
    let target = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: target, options: .atomic)
  }
}

/// The system's zones compiled anew without what their footers repeat.
enum SlimFolder {
  private static let compiler = "/usr/sbin/zic"
  private static let source = TimeZoneDatabase.systemFolder + "/tzdata.zi"

  static var canCompile: Bool {
    FileManager.default.isExecutableFile(atPath: compiler) && FileManager.default.fileExists(atPath: source)
  }

  private static let folder = Result { try TemporaryFolder() }
  static let shared = Result {
    let path = try folder.get().path
    _ = try runTool(compiler, ["-b", "slim", "-d", path, source])
    return path
  }
}

func bytes(ofZone name: String, in folder: String = TimeZoneDatabase.systemFolder) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
}

/// A version 2 zone file made of a 64-bit block alone (its version 1 block is empty).
func zoneFile(
  transitions: [(time: Int64, type: UInt8)] = [], types: [(offset: Int32, isDaylight: Bool, name: String)],
  footer: String, version: Character = "3"
) -> [UInt8] {
  func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.bigEndian, Array.init) }
  func header(_ times: Int, _ types: Int, _ characters: Int) -> [UInt8] {
    Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
      + [0, 0, 0, times, types, characters].flatMap { big(UInt32($0)) }
  }
  var names: [UInt8] = []
  var records: [UInt8] = []
  for type in types {
    records += big(type.offset) + [type.isDaylight ? 1 : 0, UInt8(names.count)]
    names += Array(type.name.utf8) + [0]
  }
  let data = transitions.flatMap { big($0.time) } + transitions.map(\.type) + records + names
  return header(0, 1, 1) + big(Int32(0)) + [0, 0] + [0] + header(transitions.count, types.count, names.count) + data
    + Array("\n\(footer)\n".utf8)
}

func local(_ text: String) throws -> CivilDateTime { try CivilDateTime(text) }

/// The system's rules of a zone.
func system(_ name: String) throws -> ZoneRules { try ZoneRules(name: name, tzif: try bytes(ofZone: name)) }

/// The code of the error that an operation ends with; nil when it ends well.
func errorCode(_ operation: () throws -> some Any) -> CivilTimeError.Code? {
  do {
    _ = try operation()
    return nil
  } catch {
    return (error as? CivilTimeError)?.code
  }
}
