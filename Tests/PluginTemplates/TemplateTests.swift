import Foundation
import Testing

/// Each template, made by the built `ctl`, built by its own tools, in a host, checked and installed.
@Suite("Templates of plugins")
struct TemplateTests {
  /// Rust is built where cargo is: no distribution's compiler is asked for.
  static let cases: [(language: String, kind: Made.Kind)] = ["c", "cpp", "rust"]
    .filter { $0 != "rust" || Place.has("cargo") }
    .flatMap { language in Made.Kind.allCases.map { (language, $0) } }

  @Test("it builds without a warning, works, passes the check and is installed", arguments: cases)
  func works(language: String, kind: Made.Kind) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try await Self.exercise(try await Made(language, kind, in: scratch))
  }

  @Test("it builds with clang, too", arguments: ["c", "cpp"], Made.Kind.allCases)
  func clang(language: String, kind: Made.Kind) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let compiler = language == "c" ? "CC=clang" : "CXX=clang++"
    _ = try await Made(language, kind, in: scratch, make: [compiler])
  }

  /// Both in one test, with one folder for what is built: the second finds PluginKit there, which is most of it.
  @Test("those in Swift, with the installed PluginKit and no network", .timeLimit(.minutes(5)))
  func swift() async throws {
    let built = try Scratch()
    defer { built.remove() }
    let first = try Scratch()
    defer { first.remove() }
    for kind in Made.Kind.allCases {
      let flags = ["SWIFTFLAGS=-c release --scratch-path \(built.path)"]
      let made = try await Made("swift", kind, in: first, name: "pager-\(kind.rawValue)", make: flags)
      try await Self.exercise(made, make: flags)
      let needed = try await made.tool("readelf", "-d", made.file)
      #expect(!needed.output.contains("libswift"))
    }
  }

  private static func exercise(_ made: Made, make: [String] = []) async throws {
    let isSink = try made.scratch.text("\(made.name)/manifest.json").contains("carillon.sink/1")
    if isSink { try await Exercise.sink(made) } else { try await Exercise.eventType(made) }
    let run = try await made.checkInstallAndRun(make)
    #expect(run.contains(isSink ? "delivered" : "2026-01-04T08:30:00"), "\(run)")
  }
}
