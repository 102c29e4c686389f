/// What a zone's name may look like, so that none can lead out of the folder.
enum ZoneName {
  /// The tz database keeps its own names far shorter.
  static let longestName = 100
  static let mostParts = 4
  /// Folders that repeat the database: `posix` as it is, `right` with leap seconds counted.
  static let repeatedFolders: Set<String> = ["posix", "right"]
  /// Files that stand for the machine's own settings, not for a zone of the world.
  static let machineSettings: Set<String> = ["localtime", "posixrules"]

  /// - Throws: `invalidZoneName`.
  static func check(_ name: String) throws(CivilTimeError) {
    guard !name.isEmpty else { throw CivilTimeError(.invalidZoneName, "a time zone name is empty") }
    guard name.utf8.count <= longestName else {
      throw CivilTimeError(
        .invalidZoneName, "time zone name \(quoted(name)) is longer than \(longestName) characters")
    }
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= mostParts, parts.allSatisfy(isPart) else {
      throw CivilTimeError(
        .invalidZoneName,
        "time zone name \(quoted(name)) is not of the form Area/Location: at most \(mostParts) parts, each "
          + "a letter or digit followed by letters, digits, '_', '+' or '-'")
    }
    guard !machineSettings.contains(name) else {
      throw CivilTimeError(
        .invalidZoneName, "time zone name \(quoted(name)) means whatever this machine is set to; name a zone")
    }
  }

  static func isPart(_ part: some Sequence<UInt8>) -> Bool {
    var isFirst = true
    for byte in part {
      let isLetterOrDigit =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: false
        }
      guard isLetterOrDigit || (!isFirst && "_+-".utf8.contains(byte)) else { return false }
      isFirst = false
    }
    return !isFirst
  }

  /// The known name most like a wrong one, if one is close: by letters, or by its last part ("Lisbon").
  static func nearest(to wrong: String, among known: [String]) -> String? {
    let wanted = folded(wrong)
    guard (3...longestName).contains(wanted.count) else { return nil }
    var best: (name: String, distance: Int)?
    for name in known {
      let candidate = folded(name)
      let lastPart = candidate.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? candidate
      let distance = min(editDistance(wanted, candidate), editDistance(wanted, lastPart))
      if distance < best?.distance ?? .max { best = (name, distance) }
    }
    let farthest = max(1, wanted.count / 4)
    guard let best, best.distance <= farthest else { return nil }
    return best.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.lowercased().utf8.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }
  }

  /// Levenshtein's distance: insertions, deletions and replacements of bytes.
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (leftIndex, leftByte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = leftIndex + 1
      for (rightIndex, rightByte) in right.enumerated() {
        let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
        diagonal = row[rightIndex + 1]
        row[rightIndex + 1] = min(replaced, diagonal + 1, row[rightIndex] + 1)
      }
    }
    return row[right.count]
  }
}
