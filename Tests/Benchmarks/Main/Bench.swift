import AgentHarness
import ArgumentParser
import Foundation

@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carillon-bench", abstract: "Measures rows of DESIGN.md section 8, on loopback.",
    discussion: """
      Example:
        carillon-bench --rows civil-time,start-ready
      """)

  @Option(name: .long, help: "Rows to run, by id, with commas between; empty: all.")
  var rows = ""

  @Option(name: .long, help: "File for the rows, as JSON.")
  var output = "\(Programs.repository)/bench/results.json"

  func validate() throws {
    for id in wanted where !Measurement.all.contains(where: { $0.id == id }) {
      throw ValidationError("no row \(id); there are \(Measurement.all.map(\.id).joined(separator: ", "))")
    }
  }

  func run() async throws {
    var measured: [Row] = []
    var failures = 0
    for measurement in Measurement.all where wanted.isEmpty || wanted.contains(measurement.id) {
      FileHandle.standardError.write(Data("measuring \(measurement.id)\n".utf8))
      do {
        let row = try await Self.bounded(measurement)
        measured.append(row)
        // At once: all rows take hours, and what is measured is not lost with what comes after.
        try write(measured)
        FileHandle.standardError.write(Data("\(Table.text([row]))\n".utf8))
      } catch {
        failures += 1
        FileHandle.standardError.write(Data("\(measurement.id) could not be measured: \(error)\n".utf8))
      }
    }
    print(Table.text(measured))
    guard failures == 0 else { throw ExitCode.failure }
  }

  /// A row that hangs ends too: its children are killed with its task.
  private static func bounded(_ measurement: Measurement) async throws -> Row {
    try await withThrowingTaskGroup(of: Row.self) { group in
      group.addTask { try await measurement.measure() }
      group.addTask {
        try await ContinuousClock().sleep(for: measurement.limit)
        throw HarnessError(.timedOut, "the row took longer than \(measurement.limit)")
      }
      defer { group.cancelAll() }
      guard let row = try await group.next() else { throw HarnessError(.notMeasured, "nothing was measured") }
      return row
    }
  }

  private var wanted: [String] { rows.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

  private func write(_ rows: [Row]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = URL(filePath: output)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(rows).write(to: file, options: .atomic)
  }
}
