import CPluginAPI
import EventModel

/// The rules for what `next` emits, one by one.
enum OccurrenceRules {
  /// What is wrong with an occurrence by itself; nil when nothing is.
  static func malformed(_ seen: SeenOccurrence, requests: Int) -> String? {
    if !(0..<requests).contains(seen.request) { return "is for request \(seen.request) of \(requests)" }
    if seen.flags != 0 { return "has flags \(seen.flags), which must be zero" }
    switch seen.kind {
    case CARILLON_OCCURRENCE_INSTANT: return nil
    case CARILLON_OCCURRENCE_CIVIL:
      return isDate(seen.civil) ? nil : "has a date or time that does not exist: \(seen.text)"
    default: return "has the kind \(seen.kind), which does not exist"
    }
  }

  private static func isDate(_ civil: [Int32]) -> Bool {
    guard (1...9_999).contains(civil[0]), (1...12).contains(civil[1]), civil[2] >= 1 else { return false }
    let isLeap = civil[0] % 4 == 0 && (civil[0] % 100 != 0 || civil[0] % 400 == 0)
    let days: [Int32] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return civil[2] <= days[Int(civil[1]) - 1] && civil[3] < 24 && civil[4] < 60 && civil[5] < 60 && civil[6] <= 1
  }

  /// What is wrong with the keys of a series.
  static func keys(_ items: [SeenOccurrence], after cursor: CursorSample) -> String? {
    var known: Set<[UInt8]> = cursor.key.isEmpty ? [] : [cursor.key]
    for seen in items {
      guard (1...200).contains(seen.key.count) else {
        return "the key \"\(seen.keyText)\" has \(seen.key.count) bytes, not 1 to 200"
      }
      guard seen.key.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        return "the key \"\(seen.keyText)\" has other characters than printable ASCII without space"
      }
      guard known.insert(seen.key).inserted else { return "the key \"\(seen.keyText)\" comes twice" }
    }
    return nil
  }

  /// What is wrong with the order of a series.
  static func order(_ items: [SeenOccurrence], after cursor: CursorSample) -> String? {
    var (ordinal, last): (UInt64, SeenOccurrence?) = (cursor.ordinal, nil)
    for seen in items {
      guard seen.ordinal > ordinal else {
        return "the ordinal \(seen.ordinal) of \"\(seen.keyText)\" comes after \(ordinal)"
      }
      ordinal = seen.ordinal
      if let last, last.kind == seen.kind, isBefore(seen, last) {
        return "\"\(seen.keyText)\" is before \"\(last.keyText)\", which comes first"
      }
      // Alone at a start it may be before it: a series of one occurrence that is over.
      if last == nil, !(cursor.isStart && items.count == 1), isBefore(seen, cursor) {
        return "\"\(seen.keyText)\" is before what it was to follow"
      }
      last = seen
    }
    return nil
  }

  private static func isBefore(_ left: SeenOccurrence, _ right: SeenOccurrence) -> Bool {
    left.kind == CARILLON_OCCURRENCE_INSTANT
      ? left.instant < right.instant : left.civil.lexicographicallyPrecedes(right.civil)
  }

  private static func isBefore(_ seen: SeenOccurrence, _ cursor: CursorSample) -> Bool {
    if seen.kind == CARILLON_OCCURRENCE_INSTANT { return seen.instant < cursor.instant }
    let civil = cursor.civil
    let start = [
      civil.year, Int32(civil.month), Int32(civil.day), Int32(civil.hour), Int32(civil.minute), Int32(civil.second),
      Int32(civil.fold),
    ]
    return seen.civil.lexicographicallyPrecedes(start)
  }

  /// Everything that is wrong with the answer to one request.
  static func all(_ items: [SeenOccurrence], after cursor: CursorSample, maximum: UInt32) -> [String] {
    let malformed = items.compactMap { seen in self.malformed(seen, requests: .max).map { "\"\(seen.keyText)\" \($0)" }
    }
    let tooMany = items.count > Int(maximum) ? ["\(items.count) occurrences, and \(maximum) were asked for"] : []
    return (malformed + [keys(items, after: cursor), order(items, after: cursor)].compactMap { $0 } + tooMany)
  }
}
