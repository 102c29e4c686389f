import Synchronization

/// What a zone file says, in the one form that all files saying the same come to.
///
/// "Fat" files list transitions up to 2037 that their footer would give as well, "slim" ones do not. Here the listed
/// ones end where the footer takes over, so that rules can be compared, and a repackaged file is not a changed zone.
struct CanonicalRules: Sendable, Equatable {
  private struct Transition: Sendable, Equatable {
    let unixSeconds: Int64
    let type: LocalTimeType
  }

  /// Years listed from the footer after the last transition, so that a search near it needs one table only.
  private static let joinYears = 3
  /// How far back a file's last transitions are compared with its footer.
  private static let longestRepetitionYears = 500

  private let initial: LocalTimeType
  private let transitions: [Transition]
  private let footer: PosixTimeZone?

  init(_ contents: TZifContents) {
    // RFC 9636 section 3.3: with no transition at all, the footer applies to all times.
    initial = contents.transitions.isEmpty ? contents.footer?.standard ?? contents.initial : contents.initial
    footer = contents.footer
    var kept: [Transition] = []
    for (unixSeconds, type) in contents.transitions where type != (kept.last?.type ?? contents.initial) {
      kept.append(Transition(unixSeconds: unixSeconds, type: type))
    }
    if let footer { kept.removeLast(Self.repeatedCount(in: kept, by: footer)) }
    transitions = kept
  }

  /// How many of the last transitions the footer would give as well, were they not listed.
  private static func repeatedCount(in transitions: [Transition], by footer: PosixTimeZone) -> Int {
    guard let first = transitions.first, let last = transitions.last, footer.daylight != nil else { return 0 }
    let lastYear = GregorianCalendar.year(atUnixSeconds: last.unixSeconds)
    let firstYear = max(GregorianCalendar.year(atUnixSeconds: first.unixSeconds), lastYear - longestRepetitionYears)
    let rule = footer.table(years: firstYear...lastYear)
    var ruleIndex = rule.entry(at: last.unixSeconds) - 1
    var count = 0
    // The first transition stays, as the place from which the footer applies.
    for transition in transitions.dropFirst().reversed() {
      guard ruleIndex >= 0, rule.times[ruleIndex] == transition.unixSeconds,
        rule.types[ruleIndex + 1] == transition.type
      else { break }
      count += 1
      ruleIndex -= 1
    }
    // Where the rule changes something between the last one kept and the first one left out, which did not happen,
    // the first one left out must stay, for the footer to apply only after it.
    let lastKept = transitions[transitions.count - 1 - count]
    while count > 0, ruleIndex >= 0, rule.times[ruleIndex] > lastKept.unixSeconds {
      if rule.types[ruleIndex + 1] != lastKept.type { return count - 1 }
      ruleIndex -= 1
    }
    return count
  }

  /// The rule that goes on for ever, and the time, local or of UTC, from which on it alone decides.
  var cycleRule: (startSeconds: Int64, rule: PosixTimeZone)? {
    guard let footer, footer.daylight != nil else { return nil }
    guard let last = transitions.last else { return (Int64.min, footer) }
    let year = GregorianCalendar.year(atUnixSeconds: last.unixSeconds)
    return (GregorianCalendar.unixSeconds(atStartOf: year + Self.joinYears - 1), footer)
  }

  /// The listed transitions, with the footer's first years after them.
  func listedTable() -> TransitionTable {
    var table = TransitionTable(initial: initial)
    for transition in transitions { table.append(transition.unixSeconds, transition.type) }
    guard let footer, let last = transitions.last else { return table }
    let year = GregorianCalendar.year(atUnixSeconds: last.unixSeconds)
    let rule = footer.table(years: year...(year + Self.joinYears))
    for (index, time) in rule.times.enumerated() where time > last.unixSeconds {
      table.append(time, rule.types[index + 1])
    }
    return table
  }

  var digest: UInt64 {
    var digest = StableDigest()
    digest.add(initial)
    for transition in transitions {
      digest.add(transition.unixSeconds)
      digest.add(transition.type)
    }
    if let footer {
      digest.add(footer.standard)
      if let daylight = footer.daylight {
        digest.add(daylight.type)
        for change in [daylight.start, daylight.end] { digest.add("\(change.day)/\(change.timeSeconds)") }
      }
    }
    return digest.value
  }
}

/// FNV-1a, 64 bits: the same in every process, which `Hasher` is not. It detects change, not tampering.
struct StableDigest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

  mutating func add(_ number: Int64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte) }
    add(0 as UInt8)
  }

  mutating func add(_ type: LocalTimeType) {
    add(Int64(type.offsetSeconds))
    add(type.isDaylightSaving ? 1 as UInt8 : 0)
    add(type.abbreviation)
  }
}

/// One table for all zones with the same footer: some 40 for the whole world instead of some 200.
final class FooterCycleCache: Sendable {
  /// Far more than there are rules; beyond it tables are simply not shared.
  private static let most = 512
  private let cycles = Mutex<[PosixTimeZone: FooterCycle]>([:])

  func cycle(of rule: PosixTimeZone) -> FooterCycle {
    cycles.withLock { cycles in
      if let known = cycles[rule] { return known }
      let made = FooterCycle(rule)
      if cycles.count < Self.most { cycles[rule] = made }
      return made
    }
  }
}
