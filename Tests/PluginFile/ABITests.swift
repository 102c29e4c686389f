import Foundation
import Testing

/// The headers against those of the last release (Sources/PluginAPI/abi), and the scripts that compare them.
@Suite("The plugin ABI")
struct ABITests {
  @Test(
    "Nothing that was compiled against the last release breaks, every field is pinned, and the checks find what breaks")
  func unbroken() async throws {
    let script = Sources.root.appendingPathComponent("deploy/check-abi.sh").path
    do { try await Program.run(script) } catch let failure as Program.Failure { Issue.record("\(failure)") }
  }

  @Test("Each header compiles alone, without a warning, as C and as C++", arguments: ["c11", "c++17"])
  func headers(standard: String) async throws {
    let folder = Sources.headers.appendingPathComponent("carillon")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".h") }
    #expect(names.count >= 12)
    for name in names {
      for compiler in ["gcc", "clang"] {
        try await TemporaryFolder.with { temporary in
          let file = try temporary.write("#include <carillon/\(name)>\n".utf8, "alone.h")
          try await Program.run(
            compiler, standard == "c11" ? "-xc" : "-xc++", "-std=\(standard)", "-Wall", "-Wextra", "-Wpedantic",
            "-Wpadded", "-Werror", "-I\(Sources.headers.path)", "-fsyntax-only", file)
        }
      }
    }
  }
}
