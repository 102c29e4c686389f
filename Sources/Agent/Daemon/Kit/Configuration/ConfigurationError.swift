/// What is wrong with the configuration: every fault found, each with its source and key.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable {
  /// One line a fault.
  public var faults: [String]

  /// The faults, one a line.
  public var description: String { faults.joined(separator: "\n") }
}

/// How far apart two words are: insertions, deletions, replacements and swaps of neighbours (Damerau, restricted).
enum Nearest {
  /// The word nearest to `word`, if any is near enough to be meant.
  static func match(_ word: String, in words: [String]) -> String? {
    let ranked = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, word.utf8.count / 3) else { return nil }
    return best.0
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard !a.isEmpty, !b.isEmpty, a.count <= 128, b.count <= 128 else { return max(a.count, b.count) }
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 1...a.count {
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        var value = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { value = min(value, rows[i - 2][j - 2] + 1) }
        rows[i][j] = value
      }
    }
    return rows[a.count][b.count]
  }
}
