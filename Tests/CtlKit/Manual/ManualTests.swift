import Foundation
import Testing

@testable import CtlKit

@Suite("Manual pages")
struct ManualTests {
  private static func write() async throws -> (folder: URL, files: [String]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ctl-man-\(UUID().uuidString)/man1")
    let made = try await CtlRunner(socket: "/nowhere").run(["man", folder.path])
    #expect(made.status == 0, "\(made.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(made.output == "\(files.count) pages in \(folder.path)\n")
    return (folder, files)
  }

  @Test("there is a page for each command, and none for what help hides")
  func pages() async throws {
    let (folder, files) = try await Self.write()
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    #expect(files.count > 120)
    let wanted = ["ctl.1", "ctl-queue.1", "ctl-queue-update.1", "ctl-subscription-test.1", "ctl-man.1"]
    #expect(Set(files).isSuperset(of: wanted))
    #expect(!files.contains { $0.contains("__complete") || $0.contains("help") })
    let page = try String(contentsOf: folder.appending(path: "ctl-queue-update.1"), encoding: .utf8)
    for part in [
      ".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", ".SH OPTIONS", ".SH EXIT STATUS", #"\fB\-\-weight\fR \fIweight\fR"#,
      #"\fBctl\-queue\fR(1)"#, #"\fBctl queue update\fR"#,
    ] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test("groff draws every page without a warning")
  func groff() async throws {
    let (folder, files) = try await Self.write()
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["groff", "-man", "-ww", "-Tutf8", "-rCHECKSTYLE=3"] + files
    process.currentDirectoryURL = folder
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let text = Task.detached { output.fileHandleForReading.readDataToEndOfFile() }
    let warnings = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let drawn = String(decoding: await text.value, as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "groff is one of the tests' packages: \(warnings)")
    #expect(warnings.isEmpty, "\(warnings.prefix(2_000))")
    #expect(drawn.contains("CTL-QUEUE-UPDATE(1)"))
  }

  @Test(
    "what roff would act on stands as it is",
    arguments: [
      (".SH", "\\&.SH"), ("'x'", "\\(aqx\\(aq"), ("a\\b", "a\\eb"), ("--all", "\\-\\-all"), ("…", "\\[u2026]"),
      ("😀", "\\[u1F600]"), ("~^`\"", "\\(ti\\(ha\\(ga\\(dq"),
    ])
  func escapes(text: String, expected: String) {
    #expect(Roff.line(text) == expected)
  }

  @Test("sentences are filled, and what is indented stands line by line")
  func prose() {
    let prose = ManualProse("One\ntwo.\n\nThree:\n  a\n  b\n\nExamples:\n  ctl x \\\n    y\n\nThen:\n  ctl z")
    #expect(prose.description == [.paragraph("One two."), .paragraph("Three:"), .verbatim(["a", "b"])])
    #expect(prose.examples == [.verbatim(["ctl x \\", "  y"]), .paragraph("Then:"), .verbatim(["ctl z"])])
  }

  @Test("without a directory it is the page of ctl; a directory that cannot be is told")
  func output() async throws {
    let ctl = CtlRunner(socket: "/nowhere")
    let page = try await ctl("man")
    #expect(page.output.hasPrefix(".TH CTL 1 "))
    let refused = try await ctl("man", "/dev/null/man1")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("/dev/null/man1"))
  }
}
