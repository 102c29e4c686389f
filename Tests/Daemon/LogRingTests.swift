import Logging
import Testing

@testable import Telemetry

@Suite("The log's last lines") struct LogRingTests {
  private static func texts(_ ring: LogRing, from number: Int64 = 1) -> [String] {
    ring.entries(from: number, limit: 1_000).map(\.message)
  }

  @Test func theyAreNumberedWithoutGaps() {
    let ring = LogRing()
    #expect(ring.next == 1 && Self.texts(ring).isEmpty)
    for number in 1...5 { ring.append(.info, "test", "line \(number)", ["n": "\(number)"]) }
    #expect(ring.next == 6)
    let found = ring.entries(from: 2, limit: 2)
    #expect(found.map(\.number) == [2, 3] && found.map(\.fields) == [["n": "2"], ["n": "3"]])
    #expect(found.allSatisfy { $0.level == .info && $0.label == "test" })
    #expect(ring.entries(from: 6, limit: 10).isEmpty && ring.entries(from: 1, limit: 0).isEmpty)
  }

  @Test func theOldestGoFirstWhenThereAreTooMany() {
    let ring = LogRing(maximumLines: 3)
    for number in 1...10 { ring.append(.info, "test", "\(number)", [:]) }
    #expect(Self.texts(ring) == ["8", "9", "10"])
    #expect(ring.entries(from: 1, limit: 10).first?.number == 8)
  }

  @Test func theyTakeABoundedNumberOfBytes() {
    let bytes = 64 * 1_024
    let ring = LogRing(maximumBytes: bytes)
    for _ in 1...100 { ring.append(.info, "test", String(repeating: "x", count: 4_000), [:]) }
    let kept = Self.texts(ring)
    #expect(kept.count < bytes / 4_000 && kept.count >= bytes / 4_000 - 2)
  }

  @Test func aLineThatIsTooLongIsCut() throws {
    let ring = LogRing()
    let long = String(repeating: "ü", count: 50_000)
    ring.append(.error, "test", long, ["a": long, "b": long])
    let entry = try #require(ring.entries(from: 1, limit: 1).first)
    let bytes = entry.message.utf8.count + entry.fields.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    #expect(bytes <= LogRing.maximumLineBytes && entry.message.hasSuffix("…") && entry.fields.count == 2)
  }

  @Test func everyLineThatIsWrittenIsKept() {
    let settings = LogSettings(level: .warning, format: .json)
    var logger = Logger(label: "kept") { LineLogHandler(label: $0, settings: settings) }
    logger[metadataKey: "agent"] = "test"
    logger.info("too quiet")
    logger.warning("loud", metadata: ["sink": "hook"])
    let entries = settings.ring.entries(from: 1, limit: 10)
    #expect(entries.map(\.message) == ["loud"])
    #expect(entries.first?.fields == ["agent": "test", "sink": "hook"])
  }
}
