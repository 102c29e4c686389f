import Foundation
import Testing

@Suite("Texts of templates")
struct TemplateTextTests {
  @Test("what ctl carries is what the files say: make templates")
  func current() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let written = try await Tool(scratch: scratch)("\(Place.root.path)/deploy/templates.sh", scratch.path)
    #expect(written.status == 0, "\(written.errors)")
    let folder = Place.root.appending(path: "Sources/ctl/CtlKit/PluginNew/Generated")
    for language in ["c", "cpp", "rust", "swift"] {
      let name = "TemplateTexts+\(language).swift"
      let committed = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      #expect(try scratch.text(name) == committed, "\(name)")
    }
  }

  @Test("nothing is left open in a new plugin", arguments: ["c", "cpp", "rust", "swift"], Made.Kind.allCases)
  func filled(language: String, kind: Made.Kind) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let tool = Tool(scratch: scratch)
    let new = try await tool(Place.ctl, "plugin", "new", "--lang", language, "--kind", kind.rawValue, "7-days")
    try #require(new.status == 0, "\(new.errors)")
    let left = try await tool("grep", "-rnE", "__(NAME|TYPE|CRATE|RUN)__", "7-days")
    #expect(left.status == 1, "\(left.output)")
    let files = try #require(FileManager.default.subpaths(atPath: "\(scratch.path)/7-days"))
    #expect(Set(["Makefile", "README.md", "manifest.json", ".gitignore"]).isSubset(of: files))
  }

  @Test("the Rust bindings have every constant, structure, field and offset of the headers")
  func rust() throws {
    let folder = Place.root.appending(path: "Sources/PluginAPI/CPluginAPI")
    let bindings = try String(
      contentsOf: Place.root.appending(path: "Sources/ctl/PluginTemplates/rust/shared/src/carillon.rs"),
      encoding: .utf8)
    let layout = try String(contentsOf: folder.appending(path: "layout.c"), encoding: .utf8)
    var count = 0
    for match in layout.matches(of: #/(?m)^(SIZE|AT)\((\w+), (?:(\w+), )?(\d+)\);$/#) {
      let field = match.3.map { $0 == "type" ? "type_" : String($0) }
      let line =
        field.map { "assert!(offset_of!(\(match.2), \($0)) == \(match.4));" }
        ?? "assert!(size_of::<\(match.2)>() == \(match.4));"
      #expect(bindings.contains(line), "\(line)")
      count += 1
    }
    #expect(count > 60)
    let headers = try #require(FileManager.default.subpaths(atPath: folder.path)).filter { $0.hasSuffix(".h") }
    for header in headers where !header.hasSuffix("manifest.h") {
      let text = try String(contentsOf: folder.appending(path: header), encoding: .utf8)
      for match in text.matches(of: #/(?m)^#define (CARILLON_\w+) (?:"([^"]+)"|(\d+)u?\b)/#)
      where match.1 != "CARILLON_PLUGIN_SYMBOL" {
        let value = match.2.map { "c\"\($0)\";" } ?? match.3.map { "\($0);" } ?? ""
        let found = bindings.split(separator: "\n").contains {
          $0.hasPrefix("pub const \(match.1): ") && $0.hasSuffix(" = \(value)")
        }
        #expect(found, "\(match.0)")
      }
      for match in text.matches(of: #/(?m)^typedef struct (carillon_\w+) \{/#) {
        #expect(bindings.contains("pub struct \(match.1) {"), "\(match.1)")
      }
    }
  }
}
