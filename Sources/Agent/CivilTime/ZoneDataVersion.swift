/// Which edition of the time zone data is in use.
public struct ZoneDataVersion: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Where the label was found.
  public enum Origin: String, Sendable, Hashable, Codable {
    /// The first line of `tzdata.zi` names a release.
    case tzdataFile = "tzdata.zi"
    /// The file `+VERSION` names a release.
    case versionFile = "+VERSION"
    /// The folder names no release; the label is a digest of its files' names, sizes and times of change.
    case fingerprint
  }

  /// A release such as `2025b`, or `files-` and sixteen hexadecimal digits.
  public let label: String
  /// Where the label was found.
  public let origin: Origin

  /// Such as `2025b (tzdata.zi)`.
  public var description: String { "\(label) (\(origin.rawValue))" }

  private static let longestLabel = 32

  static func read(folder: String) throws(CivilTimeError) -> ZoneDataVersion {
    if let line = try firstLine(of: folder + "/" + Origin.tzdataFile.rawValue) {
      let words = line.split(separator: " ")
      if words.count == 3, words[0] == "#", words[1] == "version", isLabel(words[2]) {
        return ZoneDataVersion(label: String(words[2]), origin: .tzdataFile)
      }
    }
    if let line = try firstLine(of: folder + "/" + Origin.versionFile.rawValue), isLabel(line[...]) {
      return ZoneDataVersion(label: line, origin: .versionFile)
    }
    return try fingerprint(of: folder)
  }

  private static func fingerprint(of folder: String) throws(CivilTimeError) -> ZoneDataVersion {
    var digest = StableDigest()
    for name in try ZoneFiles.zoneNames(in: folder) {
      guard let stamp = try ZoneFiles.stamp(folder + "/" + name) else { continue }
      digest.add(name)
      digest.add(stamp.sizeBytes)
      digest.add(stamp.modifiedSeconds)
      digest.add(stamp.modifiedNanoseconds)
    }
    let digits = String(digest.value, radix: 16)
    let width = 16
    return ZoneDataVersion(
      label: "files-" + String(repeating: "0", count: width - digits.count) + digits, origin: .fingerprint)
  }

  private static func firstLine(of path: String) throws(CivilTimeError) -> String? {
    guard let file = try ZoneFiles.read(path, limit: ZoneFiles.versionBytes, mayBeLonger: true) else { return nil }
    let line = file.bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self)
  }

  private static func isLabel(_ text: Substring) -> Bool {
    (1...longestLabel).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
  }
}
