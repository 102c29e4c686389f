import Foundation
import Testing

@Suite("Every example: one symbol, its manifest in a note, and no fault that valgrind or a sanitizer finds")
struct HygieneTests {
  private static let all = Examples.compiled + (Examples.hasCargo ? ["easter"] : [])
  private static let valgrind = [
    "valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
    "--show-leak-kinds=definite,indirect,possible", "--errors-for-leak-kinds=definite,indirect,possible",
  ]
  private static let sanitizers = [
    "ASAN_OPTIONS": "detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99",
  ]

  @Test("It exports the entry and nothing else", arguments: all)
  func exports(name: String) async throws {
    let plugin = try await Examples.built().plugin(name)
    let finished = try await Command.run("/usr/bin/nm", ["-D", "--defined-only", "--format=posix", plugin])
    #expect(finished.lines.compactMap { $0.split(separator: " ").first } == ["carillon_plugin_v1"])
  }

  @Test("Its manifest stands in the file's note", arguments: all)
  func note(name: String) async throws {
    let plugin = try await Examples.built().plugin(name)
    let finished = try await Command.run("/usr/bin/readelf", ["--notes", "--wide", plugin])
    #expect(finished.lines.filter { $0.hasPrefix("  Carillon") }.count == 2, "\(finished.output)")
    #expect(finished.output.contains("Displaying notes found in: .note.carillon"))
  }

  @Test("valgrind finds nothing, and no leak", arguments: Drive.all.filter { all.contains($0.name) })
  func underValgrind(drive: Drive) async throws {
    try await drive.run(try await Examples.built(), under: Self.valgrind)
  }

  @Test(
    "Nor do the sanitizers for addresses and undefined behaviour",
    arguments: Drive.all.filter { Examples.compiled.contains($0.name) })
  func underSanitizers(drive: Drive) async throws {
    try await drive.run(try await Examples.built(.sanitized), environment: Self.sanitizers)
  }

  @Test("Every compiled example delivers or answers in earnest in these")
  func complete() {
    let earnest = Drive.all.filter { $0.isDelivered || ($0.kind == "event-type" && $0.lines > 0) }
    #expect(Set(earnest.map(\.name)).isSuperset(of: Examples.compiled))
  }

  /// What `Fixtures/Faulty/faulty.c` does wrong in each delivery, and the words of who finds it.
  enum Fault: Int, CaseIterable, Sendable {
    case overflow = 1
    case afterFree, leak, uninitialized
  }

  @Test("valgrind would find a fault", arguments: Fault.allCases)
  func faultUnderValgrind(fault: Fault) async throws {
    try await Self.expectFound(fault, .plain, under: Self.valgrind)
  }

  /// What is uninitialized they do not look for.
  @Test("So would the sanitizers", arguments: Fault.allCases.filter { $0 != .uninitialized })
  func faultUnderSanitizers(fault: Fault) async throws {
    try await Self.expectFound(fault, .sanitized, environment: Self.sanitizers)
  }

  private static func expectFound(
    _ fault: Fault, _ build: Build, under checker: [String] = [], environment: [String: String] = [:]
  ) async throws {
    let examples = try await Examples.built(build)
    let words = [examples.driver, "sink", examples.faulty(fault.rawValue), "{}", "1", "3", "1"]
    let finished = try await Command.run("/usr/bin/env", checker + words, environment: environment)
    #expect(finished.status == 99, "\(finished.errors)")
    #expect(finished.errors.contains("faulty.c"), "\(finished.errors)")
  }
}
