import CivilTime
import Foundation

/// Runs `oracle.py` and reads what it writes.
struct OracleStream {
  struct Instant {
    let unixSeconds: Int64
    let offsetSeconds: Int
    let isDaylightSaving: Bool
    let fold: Fold
    let abbreviation: String

    func agrees(with reading: LocalReading) -> Bool {
      reading.offsetSeconds == offsetSeconds && reading.isDaylightSaving == isDaylightSaving && reading.fold == fold
        && reading.abbreviation == abbreviation
    }
  }

  /// PEP 495: in a gap the offset for fold 0 is the one before it; in a fold, that of the first time.
  struct Local {
    let localSeconds: Int64
    let firstOffset: Int
    let secondOffset: Int

    func agrees(with mapping: LocalMapping) -> Bool {
      switch mapping {
      case .unique(let offset): firstOffset == offset && secondOffset == offset
      case .gap(let gap):
        firstOffset < secondOffset && firstOffset == gap.offsetSecondsBefore
          && secondOffset == gap.offsetSecondsAfter
      case .fold(let first, let second):
        firstOffset > secondOffset && firstOffset == first && secondOffset == second
      }
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let bytes: [UInt8]
  private var position = 0

  init(_ data: Data) { bytes = Array(data) }

  static func run(folder: String, shard: Int, shards: Int, seed: UInt32) throws -> Data {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "oracle.py").path
    return try runTool("/usr/bin/env", ["python3", script, folder, "\(shard)", "\(shards)", "\(seed)"])
  }

  private mutating func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws -> Number {
    let size = MemoryLayout<Number>.size
    guard position + size <= bytes.count else { throw Failure(description: "the oracle's stream ends too early") }
    defer { position += size }
    return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self)) }
  }

  private mutating func text(_ length: Int) throws -> String {
    guard position + length <= bytes.count else { throw Failure(description: "the oracle's stream ends too early") }
    defer { position += length }
    return String(decoding: bytes[position..<(position + length)].prefix { $0 != 0 }, as: UTF8.self)
  }

  mutating func name() throws -> String? {
    let length = Int(try integer(UInt16.self))
    return length == 0 ? nil : try text(length)
  }

  mutating func count() throws -> Int { Int(try integer(UInt32.self)) }

  mutating func changes() throws -> [Int64] {
    var times: [Int64] = []
    for _ in 0..<(try count()) { times.append(try integer()) }
    return times
  }

  mutating func instant() throws -> Instant {
    Instant(
      unixSeconds: try integer(), offsetSeconds: Int(try integer(Int32.self)),
      isDaylightSaving: try integer(UInt8.self) == 1, fold: try integer(UInt8.self) == 1 ? .second : .first,
      abbreviation: try text(8))
  }

  mutating func local() throws -> Local {
    Local(
      localSeconds: try integer(), firstOffset: Int(try integer(Int32.self)),
      secondOffset: Int(try integer(Int32.self)))
  }
}

/// Runs a program to its end and returns what it wrote; throws when it fails.
func runTool(_ path: String, _ arguments: [String]) throws -> Data {
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(filePath: path)
  process.arguments = arguments
  process.standardOutput = output
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw OracleStream.Failure(description: "\(path) \(arguments): exit \(process.terminationStatus)")
  }
  return data
}
