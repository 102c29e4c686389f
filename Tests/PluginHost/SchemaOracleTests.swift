import Foundation
import Testing

@testable import PluginHost

@Suite("JSON Schema, checked against the jsonschema package")
struct SchemaOracleTests {
  private struct Case: Encodable {
    var schema: String
    var instances: [String]
    var line: String { "{\"schema\":\(schema),\"instances\":[\(instances.joined(separator: ","))]}" }
  }

  private struct Answer: Decodable {
    var malformed: Bool?
    var circular: Bool?
    var faults: [[String]?]?
  }

  @Test("The verdict and the places at fault are the same", arguments: [UInt64(1), 2, 3, 4])
  func sameVerdict(seed: UInt64) async throws {
    var generator = SchemaGenerator(random: SeededGenerator(seed: seed))
    let cases = (0..<1_000).map { _ in
      Case(schema: generator.schema(), instances: (0..<8).map { _ in generator.instance() })
    }
    let answers = try await ask(cases.map(\.line))
    try #require(answers.count == cases.count)
    var counts = (valid: 0, invalid: 0, malformed: 0)
    for (item, answer) in zip(cases, answers) {
      guard let faults = answer.faults else {
        counts.malformed += 1
        #expect(throws: PluginHostError.self, "\(item.schema)") { try JSONSchema(text: item.schema) }
        continue
      }
      guard let schema = try compiled(item.schema) else { continue }
      for (instance, expected) in zip(item.instances, faults) {
        let found = Set(schema.violations(in: try JSONParser.parse(instance)).map(\.pointer))
        #expect(found == Set(expected ?? []), "schema \(item.schema)\ninstance \(instance)")
        if expected == nil { counts.valid += 1 } else { counts.invalid += 1 }
      }
    }
    // A generator that only ever makes one kind of case would prove nothing.
    #expect(counts.valid > 500 && counts.invalid > 500 && counts.malformed > 10, "\(counts)")
  }

  /// nil for a circle: the host finds it when it loads the schema, the oracle only where an instance leads into it.
  private func compiled(_ text: String) throws -> JSONSchema? {
    do throws(PluginHostError) { return try JSONSchema(text: text) } catch {
      guard error.message.contains("refers to itself") else { throw error }
      return nil
    }
  }

  private func ask(_ lines: [String]) async throws -> [Answer] {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let input = folder.url.appendingPathComponent("input")
    let output = folder.url.appendingPathComponent("output")
    try Data(lines.joined(separator: "\n").utf8).write(to: input)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [Python.path, Sources.tests.appendingPathComponent("schema_oracle.py").path]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    let status = try await process.exitStatus()
    try #require(status == 0, "the oracle needs the jsonschema package from PyPI")
    let decoder = JSONDecoder()
    return try Data(contentsOf: output).split(separator: UInt8(ascii: "\n")).map {
      try decoder.decode(Answer.self, from: $0)
    }
  }
}
