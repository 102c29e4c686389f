import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("ctl import, ended and gone on with")
struct ImportStopTests {
  /// Hands out people, and asks for the end after so many.
  private struct People: ImportSource {
    let total: Int
    let stop: StopRequest?
    private(set) var count = 0

    init(_ total: Int, stop: StopRequest? = nil) {
      self.total = total
      self.stop = stop
    }

    mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart] {
      count = total
      stop?.make()
      return (1...total).map { line in
        let item = Carillon_V1_ImportItem.with {
          $0.tag = Int64(line)
          $0.user.name = "namespaces/default/users/u\(line)"
        }
        return .entry(ImportEntry(line: line, label: "u\(line)", item: item, bytes: 100))
      }
    }

    mutating func finish() throws(CtlError) -> [ImportPart] { [] }
  }

  private static func run(
    _ people: People, _ ctl: CtlRunner, fromLine: Int = 1, stop: StopRequest = StopRequest()
  ) async throws -> (summary: ImportReport.Summary, error: CtlError?) {
    let file = FileManager.default.temporaryDirectory.appending(path: "ctl-stop-\(UUID().uuidString)")
    try Data("x".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let around = Surroundings(
      environment: [:], output: TextCollector(), errors: TextCollector(), inputDescriptor: 0, isOutputTerminal: false,
      isErrorTerminal: false, now: { 1_780_000_000_000 })
    let zone = try ZoneClock(named: "UTC")
    let printer = Printer(format: .jsonl, paint: Paint(isOn: false), show: ValueText(zone: zone), sink: around.output)
    let report = ImportReport(printer: printer, isDryRun: false)
    let input = try ImportInput(file.path, surroundings: around)
    return try await Client.connect(to: .unix(path: try #require(ctl.socket)), Credentials(), timeout: nil) { client in
      let importer = Importer(
        format: .csv, namespace: "default", isDryRun: false, report: report,
        progress: Progress("people", around: around),
        fromLine: fromLine, stop: stop)
      do {
        try await importer.run(people, input, over: client)
        return (report.summary, nil)
      } catch let error as CtlError {
        return (report.summary, error)
      }
    }
  }

  @Test("what was sent is told, and so is the line to go on from; going on sends the rest alone")
  func stopAndGoOn() async throws {
    try await FakeAgent.serve { agent, ctl in
      let stop = StopRequest()
      let first = try await Self.run(People(2_500, stop: stop), ctl, stop: stop)
      #expect(first.summary.created == 2_000)
      let error = try #require(first.error)
      #expect(error.code == .partial && error.message == "interrupted; 2000 people are done")
      #expect(error.hint == "run the same import again with --from-line 2001 for the rest")
      let second = try await Self.run(People(2_500), ctl, fromLine: 2_001)
      #expect(second.summary.created == 500 && second.summary.unchanged == 0 && second.error == nil)
      #expect(agent.with { $0.users.count } == 2_500)
    }
  }

  @Test("what begins before --from-line is neither sent nor told")
  func fromLine() async throws {
    try await FakeAgent.serve { agent, ctl in
      let cards = ["Ada", "Bob"].map { "BEGIN:VCARD\nVERSION:4.0\nFN:\($0)\nUID:\($0)\nBDAY:soon\nEND:VCARD\n" }
      let result = try await ctl("import", "-", "--from-line", "7", input: cards.joined())
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.lines.map { $0.prefix(8) } == ["line 11:", "line 7: ", "1 create"])
      #expect(agent.with { $0.users.keys.sorted() } == ["namespaces/default/users/Bob"])
      #expect(try await ctl("import", "-", "--from-line", "0", input: "").status == 64)
    }
  }
}
