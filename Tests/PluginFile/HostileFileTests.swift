import Foundation
import PluginFile
import Testing

@Suite("Files that are no plugins, or were made to do harm")
struct HostileFileTests {
  @Test(
    "What cannot be read is told, and holds nobody up",
    arguments: [("/nowhere/plugin.so", "No such file"), ("/dev", "is no regular file"), ("/dev/zero", "is no regular")])
  func unreadable(path: String, reason: String) {
    let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
    #expect(error?.code == .unreadable && error?.message.hasPrefix(path) == true, "\(String(describing: error))")
    #expect(error?.message.contains(reason) == true)
  }

  @Test("A pipe without a writer is told at once")
  func pipe() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder.url.appendingPathComponent("pipe.so").path
      try await Program.run("mkfifo", path)
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
      #expect(error?.message == "\(path) is no regular file")
    }
  }

  @Test(
    "What is no shared library is told",
    arguments: [
      (Array("".utf8), "it has 0 bytes only"), (Array("#!/bin/sh\n".utf8), "it has 10 bytes only"),
      (Array(repeating: UInt8(ascii: "x"), count: 100), "no ELF file"),
    ])
  func noLibrary(bytes: [UInt8], reason: String) async throws {
    try await TemporaryFolder.with { folder in
      let path = try folder.write(bytes)
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
      #expect(error?.code == .notALibrary && error?.message == "\(path) is no shared library: \(reason)")
    }
  }

  @Test("A program and an object file are no libraries")
  func otherELF() async throws {
    try await TemporaryFolder.with { folder in
      let source = try folder.write("int bell(void);\nint bell(void) { return 1; }\n".utf8, "bell.c")
      let object = folder.url.appendingPathComponent("bell.o").path
      try await Program.run("gcc", "-c", source, "-o", object)
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(object) }
      #expect(error?.message == "\(object) is an ELF file, but no shared library")
    }
  }

  @Test("A file cut short anywhere is told")
  func cutShort() async throws {
    try await TemporaryFolder.with { folder in
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try await Fixture.build(in: folder))))
      for length in Array(stride(from: 0, to: whole.count, by: 61)) + [63, 64, 65, whole.count - 1] {
        let path = try folder.write(whole.prefix(length), "cut.so")
        let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
        #expect(error?.code == .notALibrary, "\(length) bytes")
      }
    }
  }

  /// Each damaged file is read or refused; a fault of the reader's own would end the process.
  @Test("Any one damaged byte does nothing worse than an error", arguments: [UInt8(0), 0x01, 0x7f, 0x80, 0xff])
  func damagedByte(value: UInt8) async throws {
    try await TemporaryFolder.with { folder in
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try await Self.small(folder))))
      var refused = 0
      for place in Self.headers(whole) where whole[place] != value {
        var bytes = whole
        bytes[place] = value
        refused += try Self.isRefused(folder, bytes) ? 1 : 0
      }
      #expect(refused > 50)
    }
  }

  @Test("Many damaged bytes do nothing worse than an error", arguments: 0..<8)
  func damagedBytes(seed: UInt64) async throws {
    try await TemporaryFolder.with { folder in
      let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try await Self.small(folder))))
      let places = Self.headers(whole)
      var random = Random(state: seed &+ 1)
      for _ in 0..<300 {
        var bytes = whole
        for _ in 0..<(1 + Int(random.next() % 12)) {
          bytes[places[Int(random.next() % UInt64(places.count))]] = UInt8(truncatingIfNeeded: random.next() >> 8)
        }
        _ = try Self.isRefused(folder, bytes)
      }
    }
  }

  @Test(
    "A malformed note is told",
    arguments: [
      ("{\"id\"", "{\"\u{0}d\"", "must end with its only NUL"), ("bell\"", "be\u{7f}l\"", nil),
    ] as [(String, String, String?)])
  func malformedNote(old: String, new: String, reason: String?) async throws {
    try await Self.withPatched(old.utf8.map { $0 }, new.utf8.map { $0 }) { path in
      guard let reason else {
        _ = try PluginFile.inspect(path)
        return
      }
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
      #expect(error?.code == .notALibrary && error?.message.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test("A manifest that is no UTF-8 is told")
  func noUTF8() async throws {
    try await Self.withPatched(Array("bell".utf8), [0x62, 0xff, 0xfe, 0x6c]) { path in
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
      #expect(error?.message.contains("is no UTF-8") == true)
    }
  }

  @Test("Two manifests are one too many")
  func twoManifests() async throws {
    try await TemporaryFolder.with { folder in
      let more = "CARILLON_MANIFEST(second, \"{}\");"
      let path = try await Fixture.build(Fixture.source(more: more), in: folder)
      let error = #expect(throws: PluginFileError.self) { try PluginFile.inspect(path) }
      #expect(error?.message == "\(path) has more than one manifest in its notes")
    }
  }

  @Test("Notes of others do not matter")
  func otherNotes() async throws {
    let more = """
      static const struct { uint32_t head[3]; char owner[4]; uint32_t text; }
      other __attribute__((section(".note.other"), used, aligned(4))) = {{4, 4, 1}, "Abc", 7};
      """
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(Fixture.source(more: more), in: folder)
      #expect(try PluginFile.inspect(path).manifest == Fixture.json)
    }
  }

  private static func small(_ folder: TemporaryFolder) async throws -> String {
    try await Fixture.build(in: folder, ["-s", "-Wl,-z,noseparate-code", "-Wl,--hash-style=both"])
  }

  /// Where the headers, the notes, the hash tables, the symbols and the dynamic section are: the places that are read.
  private static func headers(_ bytes: [UInt8]) -> [Int] { Array(0..<min(bytes.count, 1_600)) + dynamic(bytes) }

  /// The places of the dynamic section.
  private static func dynamic(_ bytes: [UInt8]) -> [Int] {
    func number(_ at: Int, _ width: Int) -> Int {
      (0..<width).reversed().reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
    }
    let table = number(32, 8)
    for index in 0..<number(56, 2) where number(table + index * 56, 4) == 2 {
      let start = number(table + index * 56 + 8, 8)
      return Array(start..<(start + number(table + index * 56 + 32, 8)))
    }
    return []
  }

  private static func isRefused(_ folder: TemporaryFolder, _ bytes: [UInt8]) throws -> Bool {
    let path = try folder.write(bytes, "damaged.so")
    do {
      _ = try PluginFile.inspect(path)
      return false
    } catch {
      #expect(error.code == .notALibrary && error.message.hasPrefix(path))
      return true
    }
  }

  private static func withPatched(_ old: [UInt8], _ new: [UInt8], _ body: (String) throws -> Void) async throws {
    try await TemporaryFolder.with { folder in
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try await Fixture.build(in: folder))))
      let note = try #require(Data(bytes).range(of: Data(Fixture.json.utf8)))
      let place = try #require(Data(bytes).range(of: Data(old), in: note))
      bytes.replaceSubrange(place, with: new)
      try body(try folder.write(bytes, "patched.so"))
    }
  }
}

/// Numbers that are the same in every run (xorshift64*).
private struct Random: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
