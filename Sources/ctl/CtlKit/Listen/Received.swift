/// Something that arrived, as the receiver tells it.
protocol Received: Sendable {
  /// One JSON object, for programs.
  var json: JSONValue { get }
  /// For people: a line, and where it helps, what it looks like to its reader.
  func lines(zone: ZoneClock, paint: Paint) -> [String]
  /// Its row in the table at the end: to whom, type, local time, zone, what it says, how it was judged, lateness.
  var row: [Table.Cell] { get }
}

/// What a message looks like to its reader: its lines behind a bar, bounded, harmless for a terminal.
enum Framed {
  static let maxLines = 40
  static let maxCharacters = 200

  static func lines(_ text: String, paint: Paint) -> [String] {
    let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let shown = all.prefix(maxLines).map { line in
      let cut = line.prefix(maxCharacters)
      return paint("  │ ", .faint) + Printable.escaped(String(cut)) + (cut.endIndex < line.endIndex ? "…" : "")
    }
    return all.count > maxLines ? shown + [paint("  │ ", .faint) + "… and \(all.count - maxLines) lines more"] : shown
  }
}
