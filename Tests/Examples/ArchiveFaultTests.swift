import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("archive, in C: killed, cut, damaged, and on a full disk")
struct ArchiveFaultTests {
  /// What the driver answered as delivered.
  private static func delivered(_ lines: [String]) -> [String] {
    lines.filter { $0.contains(" 1 archived") }.compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  @Test("Killed in the middle, over and over: what was answered is there, and nothing is there twice")
  func killed() async throws {
    let examples = try await Examples.built()
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      // So small that there are many files: what is known after a start is in more than the newest.
      let configuration = try archive.configuration(["max_bytes": 8_192])
      var answered: Set<String> = []
      for round in 0..<5 {
        // Every round begins before the end of the one before: what was not answered comes again, and more.
        let first = max(1, answered.count - 300)
        let command = try Command(
          examples.driver, ["sink", examples.plugin("archive"), configuration, "\(first)", "1000000", "37"])
        try command.start()
        let isBusy = try await eventually { try command.linesSoFar().count > 400 + round * 111 }
        #expect(isBusy)
        kill(command.process.processIdentifier, SIGKILL)
        let finished = try await command.finish()
        #expect(finished.status == SIGKILL)
        answered.formUnion(Self.delivered(finished.lines.filter { $0.split(separator: " ").count == 3 }))
      }
      // All come once more, or as many as the plugin promises to know: it may have got far before it was killed.
      let first = max(1, answered.count - 60_000)
      let last = try await Command.run(
        examples.driver,
        ["sink", examples.plugin("archive"), configuration, "\(first)", "\(answered.count + 500 - first)", "500"])
      #expect(last.status == 0)
      answered.formUnion(Self.delivered(last.lines))
      let (records, finished) = try await archive.read()
      let keys = records.compactMap { $0["idempotency_key"] as? String }
      #expect(finished.status == 0, "\(finished.errors)")
      #expect(Set(keys).count == keys.count, "\(keys.count - Set(keys).count) twice")
      #expect(answered.subtracting(keys).isEmpty && answered.count > 2_000)
    }
  }

  private static func fill(_ archive: Archive, _ ids: ClosedRange<UInt64>, lines: LogLines = LogLines()) async throws {
    try await Host.withSink("archive", archive.configuration(), lines: lines) { sink in
      for id in ids {
        #expect(await sink.results(of: [Sample.delivery(id)]).map(\.verdict) == [.delivered])
      }
    }
  }

  @Test("A tail that was torn off is cut away at the start, wherever it was torn", arguments: [1, 20, 23, 24, 100, -1])
  func torn(bytes: Int) async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      try await Self.fill(archive, 1...3)
      let file = try #require(try archive.files().first)
      var content = try Data(contentsOf: URL(fileURLWithPath: file))
      let whole = content
      // Part of what was written first, as if it had been written again and cut off.
      let size = Int(content[16]) | Int(content[17]) << 8
      content += whole.prefix(bytes > 0 ? bytes : size + bytes)
      try content.write(to: URL(fileURLWithPath: file))
      let damaged = try await archive.read()
      #expect(damaged.records.count == 3 && damaged.finished.status == 1)
      #expect(damaged.finished.errors.contains("at byte \(whole.count): the file ends in the middle"))
      let lines = LogLines()
      try await Self.fill(archive, 3...5, lines: lines)
      #expect(lines.all.contains { $0.contains("of a batch that was cut off in the middle, are removed") })
      let mended = try await archive.read()
      #expect(mended.finished.status == 0 && mended.records.count == 5)
      #expect(try archive.files() == [file])
    }
  }

  @Test("A file that is damaged in the middle is left alone; the reader steps over what is damaged, and says so")
  func damaged() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      try await Self.fill(archive, 1...3)
      let file = URL(fileURLWithPath: try #require(try archive.files().first))
      var content = try Data(contentsOf: file)
      let second = Int(content[16]) | Int(content[17]) << 8
      content[second + 60] ^= 0xff
      try content.write(to: file)
      let lines = LogLines()
      try await Self.fill(archive, 4...4, lines: lines)
      #expect(lines.all.contains { $0.contains("is left alone: it is damaged") }, "\(lines.all)")
      #expect(try Data(contentsOf: file) == content && (try archive.files()).count == 2)
      let read = try await archive.read()
      #expect(try await archive.keys() == ["key-1", "key-3", "key-4"])
      #expect(read.finished.status == 1)
      #expect(read.finished.errors.contains("at byte \(second): a batch is damaged"))
    }
  }

  // It needs a small file system of its own, which only root may mount.
  @Test(
    "On a full disk it says so, leaves no part of a batch, and goes on when there is room", .enabled(if: geteuid() == 0)
  )
  func diskFull() async throws {
    let examples = try await Examples.built()
    try await TemporaryFolder.with { folder in
      // The mount is in a namespace of its own, so that it ends with the shell.
      let script = """
        mount -t tmpfs -o size=64k none "$1"
        ballast=$1/ballast
        dd if=/dev/zero of="$ballast" bs=1k count=56 status=none
        drive() { "$2" sink "$3" "{\\"directory\\":\\"$1/archive\\",\\"max_bytes\\":65536}" $4 $5 50; }
        drive "$1" "$2" "$3" 1 2000
        "$4" "$1"/archive/* | wc -l
        rm "$ballast"
        drive "$1" "$2" "$3" 1 2000
        "$4" "$1"/archive/* | cut -d '"' -f 4 | sort | uniq -d | wc -l
        """
      let finished = try await Command.run(
        "/usr/bin/unshare",
        [
          "--mount", "/bin/bash", "-euc", script, "bash", folder.path, examples.driver, examples.plugin("archive"),
          examples.archiveCat,
        ])
      try #require(finished.status == 0, "\(finished.errors)")
      var lines = finished.lines
      let twice = lines.removeLast()
      #expect(twice == "0")
      #expect(lines.suffix(2_000).allSatisfy { $0.contains(" 1 archived") }, "\(lines.suffix(2_000).first ?? "")")
      let first = lines.prefix(2_000)
      let delivered = Self.delivered(Array(first)).count
      #expect(delivered > 0 && delivered < 2_000)
      #expect(first.filter { $0.hasSuffix(" 2 disk-full") }.count == 2_000 - delivered)
      #expect(lines[2_000] == "\(delivered)")
    }
  }
}
