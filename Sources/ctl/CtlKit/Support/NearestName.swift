/// Finds what was probably meant by a misspelt name.
enum NearestName {
  private static let maxLength = 64

  /// The candidate with the fewest edits (insert, delete, replace, swap), if these are few enough to be a slip.
  static func of(_ name: String, in candidates: some Collection<String>) -> String? {
    let allowed = max(1, min(name.count, maxLength) / 3)
    let ranked = candidates.map { (candidate: $0, distance: distance(name.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }) else { return nil }
    return best.distance <= allowed ? best.candidate : nil
  }

  /// ` (did you mean "x"?)`, or nothing.
  static func suggestion(_ name: String, in candidates: some Collection<String>) -> String {
    of(name, in: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// Optimal string alignment distance.
  private static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left.unicodeScalars.prefix(maxLength))
    let b = Array(right.unicodeScalars.prefix(maxLength))
    var rows = [Array(0...b.count)]
    for (i, scalar) in a.enumerated() {
      var row = [i + 1]
      for (j, other) in b.enumerated() {
        var best = min(rows[i][j] + (scalar == other ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, scalar == b[j - 1], a[i - 1] == other { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
