import CivilTime
import Testing

@Suite("Damaged zone files")
struct MalformedFileTests {
  @Test("a file cut off at any byte is refused", arguments: ["Europe/Lisbon", "America/Nuuk", "Etc/UTC"])
  func truncated(_ name: String) throws {
    let whole = try bytes(ofZone: name)
    _ = try ZoneRules(name: name, tzif: whole)
    for length in 0..<whole.count {
      let error = #expect(throws: CivilTimeError.self) { try ZoneRules(name: name, tzif: Array(whole[..<length])) }
      #expect([.malformedFile, .malformedFooter].contains(error?.code), "\(length): \(String(describing: error))")
    }
  }

  @Test("a flipped bit gives a clear error or a zone that answers, never a crash")
  func flippedBits() throws {
    let whole = try bytes(ofZone: "Africa/Casablanca")  // the longest list of transitions, with a footer
    let short = try bytes(ofZone: "Asia/Tokyo")
    for original in [short, whole] {
      // A debug build takes its time; every third bit of the long file.
      for bit in stride(from: 0, to: original.count * 8, by: original.count > 1000 ? 3 : 1) {
        var damaged = original
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        try exercise(damaged)
      }
    }
  }

  @Test("random bytes, with and without a plausible header, never crash")
  func randomBytes() throws {
    var dice = SystemRandomNumberGenerator()
    let whole = try bytes(ofZone: "Europe/Dublin")
    for round in 0..<2000 {
      var noise = (0..<Int.random(in: 0...300)).map { _ in UInt8.random(in: 0...255, using: &dice) }
      if round % 2 == 0 { noise = Array(whole.prefix(Int.random(in: 5...whole.count))) + noise }
      if round % 4 == 0 {
        for _ in 0..<Int.random(in: 1...20) { noise[Int.random(in: 5..<noise.count)] = UInt8.random(in: 0...255) }
      }
      try exercise(noise)
    }
  }

  /// Whatever is accepted must answer every question.
  private func exercise(_ bytes: [UInt8]) throws {
    let zone: ZoneRules
    do {
      zone = try ZoneRules(name: "Test/Damaged", tzif: bytes)
    } catch {
      #expect(error.message.hasPrefix("zone \"Test/Damaged\": "))
      return
    }
    for civil in Self.probes {
      for instant in zone.instant(of: civil, fold: .both).instants { _ = try? zone.civil(at: instant) }
    }
    for instant in Self.instants { _ = zone.nextTransition(after: instant) }
  }

  private static let probes: [CivilDateTime] = [
    "-9999-01-01T00:00", "1900-01-01T00:00", "1985-03-31T01:30", "2026-03-22T02:30", "2026-10-25T01:30",
    "2087-05-01T00:00", "9999-12-31T23:59:59",
  ].compactMap { try? CivilDateTime($0) }
  private static let instants = [UnixTime.secondsRange.lowerBound, 0, 2_000_000_000, UnixTime.secondsRange.upperBound]
    .compactMap { try? UnixTime(seconds: $0) }

  private static let utc: [(offset: Int32, isDaylight: Bool, name: String)] = [(0, false, "UTC")]

  @Test("each broken rule of the format is named")
  func brokenRules() throws {
    let good = zoneFile(transitions: [(1, 0)], types: Self.utc, footer: "UTC0")
    _ = try ZoneRules(name: "Test/Zone", tzif: good)
    let second = 44 + 7  // where the second header begins
    func damaged(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
      var bytes = good
      change(&bytes)
      return bytes
    }
    let rows: [(String, CivilTimeError.Code, [UInt8])] = [
      ("does not begin with TZif", .malformedFile, damaged { $0[0] = UInt8(ascii: "t") }),
      ("is not one of 1 to 4", .malformedFile, damaged { $0[4] = UInt8(ascii: "5") }),
      ("versions differ", .malformedFile, damaged { $0[second + 4] = UInt8(ascii: "2") }),
      ("ends too early", .malformedFile, damaged { $0[32] = 255 }),
      (
        "ends too early", .malformedFile,
        damaged { $0.replaceSubrange((second + 32)..<(second + 36), with: [255, 255, 255, 255]) }
      ),
      ("no local time type", .malformedFile, damaged { $0[second + 39] = 0 }),
      ("leap seconds", .leapSeconds, damaged { $0[second + 31] = 1 }),
      ("3 indicators for 1", .malformedFile, damaged { $0[second + 23] = 3 }),
      ("type 9 of 1", .malformedFile, damaged { $0[second + 44 + 8] = 9 }),
      ("offset of", .malformedFile, damaged { $0[second + 44 + 9] = 0x80 }),
      ("daylight-saving flag is 2", .malformedFile, damaged { $0[second + 44 + 13] = 2 }),
      ("abbreviation does not end", .malformedFile, damaged { $0[second + 44 + 14] = 200 }),
      ("printable ASCII", .malformedFile, damaged { $0[second + 44 + 15] = 7 }),
      ("footer does not begin", .malformedFile, damaged { $0[second + 44 + 19] = 7 }),
      ("ascending", .malformedFile, zoneFile(transitions: [(1, 0), (1, 0)], types: Self.utc, footer: "UTC0")),
      ("ascending", .malformedFile, zoneFile(transitions: [(2, 0), (1, 0)], types: Self.utc, footer: "UTC0")),
      ("out of range", .malformedFile, zoneFile(transitions: [(.max, 0)], types: Self.utc, footer: "UTC0")),
      ("out of range", .malformedFile, zoneFile(transitions: [(.min, 0)], types: Self.utc, footer: "UTC0")),
      ("more than", .malformedFooter, zoneFile(types: Self.utc, footer: String(repeating: "A", count: 5000))),
    ]
    for (words, code, bytes) in rows {
      let error = #expect(throws: CivilTimeError.self, "\(words)") { try ZoneRules(name: "Test/Zone", tzif: bytes) }
      #expect(error?.code == code, "\(words): \(String(describing: error))")
      #expect(error?.message.contains(words) == true, "\(words): \(String(describing: error))")
    }
  }

  @Test("the extreme transitions that the format allows are taken")
  func extremeTransitions() throws {
    let edge: Int64 = 1 << 59
    let types: [(Int32, Bool, String)] = [(-89_999, false, "AAA"), (93_599, false, "CET"), (7200, true, "CEST")]
    let zone = try ZoneRules(
      name: "Test/Edge",
      tzif: zoneFile(
        transitions: [(-edge, 1), (edge, 2)], types: types, footer: "CET-1CEST,M3.5.0,M10.5.0/3", version: "4"))
    #expect(zone.mapping(of: try local("2026-01-01T00:00")) == .unique(offsetSeconds: 93_599))
  }

  @Test("version 1, with 32-bit data and no footer, is read")
  func versionOne() throws {
    let header = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 1, 2, 8].flatMap { [0, 0, 0, $0] }
    // One transition, at 2^30 s (2004-01-10T13:37:04Z), from +00:00 to +01:00.
    let data: [UInt8] = [0x40, 0, 0, 0, 1] + [0, 0, 0, 0, 0, 0] + [0, 0, 0x0E, 0x10, 0, 4] + Array("AAA\0BBB\0".utf8)
    let zone = try ZoneRules(name: "Test/Old", tzif: header + data)
    #expect(zone.nextTransition(after: try UnixTime(seconds: 0))?.unixSeconds == 1 << 30)
    #expect(zone.mapping(of: try local("2004-01-10T13:37:03")) == .unique(offsetSeconds: 0))
    #expect(zone.mapping(of: try local("2026-07-01T12:00")) == .unique(offsetSeconds: 3600))
    // What is beyond the data is not guessed.
    #expect(zone.mapping(of: try local("2050-07-01T12:00")) == .unique(offsetSeconds: 3600))
  }

  @Test("leap-second files are refused, and the message says what to use")
  func leapSeconds() throws {
    var bytes = zoneFile(types: Self.utc, footer: "UTC0", version: "4")
    bytes[44 + 7 + 31] = 27
    let error = #expect(throws: CivilTimeError.self) { try ZoneRules(name: "right/UTC", tzif: bytes) }
    #expect(error?.code == .leapSeconds)
    #expect(error?.message.contains("outside 'right/'") == true)
  }
}
