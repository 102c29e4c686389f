import Foundation
import Testing

@testable import CtlKit

private enum Machine {
  #if arch(x86_64)
    static let isX86 = true
  #else
    static let isX86 = false
  #endif
}

/// `ctl plugin inspect`, on plugins that were compiled long ago and on files that are none.
@Suite("plugin inspect", .enabled(if: Machine.isX86, "the frozen plugins are for x86_64"))
struct InspectTests {

  static let frozen = URL(fileURLWithPath: #filePath)
    .appending(path: "../../../PluginHost/Frozen/x86_64-linux-gnu/0.4").standardizedFileURL

  private static func inspect(_ arguments: String...) async throws -> CtlRunner.Result {
    try await CtlRunner().run(["plugin", "inspect"] + arguments)
  }

  private static func path(_ name: String) -> String { frozen.appending(path: name).path }

  private static func digest(_ name: String) throws -> String {
    let sums = try String(contentsOf: frozen.appending(path: "../SHA256SUMS").standardizedFileURL, encoding: .utf8)
    let line = try #require(sums.split(separator: "\n").first { $0.hasSuffix("  0.4/\(name)") })
    return "sha256:" + line.prefix(64)
  }

  @Test("It says what the file is: digest, ABI, exports, what it needs, the manifest with its schemas folded")
  func table() async throws {
    let result = try await Self.inspect(Self.path("sink.so"))
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map { String($0) }
    #expect(lines.contains("digest    \(try Self.digest("sink.so"))"), "\(result.output)")
    #expect(lines.contains("ABI       0.4") && lines.contains("exports   carillon_plugin_v1"))
    #expect(lines.contains("needs     libc.so.6, ld-linux-x86-64.so.2") && lines.contains("machine   x86_64"))
    #expect(lines.contains(#"  "name": "frozen-sink","#))
    #expect(lines.contains(#"    "configuration": "word (--schemas shows it)""#))
    #expect(!result.output.contains("warning"))
  }

  @Test("--schemas shows them whole")
  func schemas() async throws {
    let result = try await Self.inspect(Self.path("sink.so"), "--schemas")
    #expect(result.status == 0 && result.output.contains(#""additionalProperties": false"#))
  }

  @Test("JSON for programs, with all there is")
  func json() async throws {
    let result = try await Self.inspect(Self.path("sink.so"), "-o", "json")
    let value = try JSONValue(parsing: result.output.utf8)
    #expect(value["digest"]?.text == (try Self.digest("sink.so")))
    #expect(value["abi"]?.compact == #"{"major":0,"minor":4}"# && value["manifest"]?["name"]?.text == "frozen-sink")
    #expect(value["exports"]?.compact == #"["carillon_plugin_v1"]"# && value["warnings"]?.compact == "[]")
    #expect(value["manifest"]?["schemas"]?["configuration"]?["type"]?.text == "object")
    let name = try await Self.inspect(Self.path("sink.so"), "-o", "name")
    #expect(name.output == (try Self.digest("sink.so")) + "\n")
  }

  @Test("A plugin without a note: it says so, and what to do")
  func withoutNote() async throws {
    let result = try await Self.inspect(Self.path("event_type.so"))
    #expect(result.status == 0 && result.output.contains("warning: no manifest in an ELF note"), "\(result.output)")
    #expect(result.output.contains("CARILLON_MANIFEST (carillon/manifest.h)"))
  }

  @Test("Of several files each is shown; one that is none makes it partial")
  func several() async throws {
    let result = try await Self.inspect(Self.path("sink.so"), Self.path("README.md"), Self.path("event_type.so"))
    #expect(result.status == 8 && result.output.contains("frozen-sink") && result.output.contains("event_type.so"))
    #expect(result.errors.contains("README.md: No such file") && result.errors.contains("1 of 3 files failed"))
    let both = try await Self.inspect(Self.path("sink.so"), Self.path("event_type.so"), "-o", "json")
    guard case .array(let documents) = try JSONValue(parsing: both.output.utf8) else {
      Issue.record("no list: \(both.output)")
      return
    }
    #expect(documents.count == 2)
  }

  @Test("What is no library is a wrong file; a library that is no plugin has failed")
  func wrong() async throws {
    let script = try await Self.inspect(#filePath)
    #expect(script.status == 64 && script.errors.contains("no shared library"), "\(script.errors)")
    let library = try #require(
      ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6"]
        .first { FileManager.default.fileExists(atPath: $0) })
    let other = try await Self.inspect(library)
    #expect(other.status == 1 && other.errors.contains("does not export carillon_plugin_v1"), "\(other.errors)")
    #expect(other.output.contains("warning: exports ") && other.output.contains(" more symbols than"))
  }

  @Test("What the author wrote cannot act on the terminal")
  func hostile() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ctl-inspect-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var bytes = try Data(contentsOf: Self.frozen.appending(path: "sink.so"))
    let vendor = try #require(bytes.range(of: Data(#""vendor": "Carillon""#.utf8)))
    // C1's CSI as UTF-8, a bell as JSON's escape, and an override of the direction.
    bytes.replaceSubrange(vendor, with: Data("\"vendor\":\"\u{9b}\\u0007\" ".utf8))
    let id = try #require(bytes.range(of: Data("org.carillon.frozen".utf8)))
    bytes.replaceSubrange(id, with: Data("\u{202e}.carillon.frozen".utf8))
    try #require(bytes.count == (try Data(contentsOf: Self.frozen.appending(path: "sink.so"))).count)
    let file = folder.appending(path: "pager\u{1b}[31m.so")
    try bytes.write(to: file)
    for form in ["table", "json", "yaml", "jsonl"] {
      let result = try await Self.inspect(file.path, "-o", form)
      #expect(result.status == 0, "\(result.errors)")
      let control = result.output.unicodeScalars.filter { $0 != "\n" && ($0.value < 0x20 || (0x7f..<0xa0) ~= $0.value) }
      #expect(control.isEmpty, "\(form)")
    }
    let malformed = try #require(bytes.range(of: Data(#""name": "frozen-sink""#.utf8)))
    bytes.replaceSubrange(malformed, with: Data("\"name\": frozen\u{9b}sink".utf8) + Data(" ".utf8))
    try bytes.write(to: file)
    let result = try await Self.inspect(file.path)
    #expect(result.status == 1 && result.errors.contains("the manifest is malformed"), "\(result.errors)")
    #expect(!(result.output + result.errors).unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x9b })
  }
}
