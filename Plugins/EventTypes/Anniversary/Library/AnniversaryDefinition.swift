import Occasions
import PluginKit0

/// What an anniversary's definition says, with its defaults.
struct AnniversaryDefinition {
  static let members = ["of", "since", "title", "milestones"] + YearlyDefinition.members
  static let defaultName = "anniversary"
  /// The longest name a user's date can have, in bytes.
  static let maxNameBytes = 63
  /// The longest title, in bytes.
  static let maxTitleBytes = 200

  /// The name of the user's date; where there is `since`, of that date.
  let of: String
  /// The date itself; nil when the user's own counts.
  let since: YearlyDate?
  /// What it is called, after "the 10th".
  let title: AnniversaryTitle
  /// The years that ring; nil: all.
  let milestones: Milestones?
  let yearly: YearlyDefinition

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ reader: inout DefinitionReader) {
    of = Self.line("of", maxBytes: Self.maxNameBytes, &reader) ?? Self.defaultName
    since = reader.text("since", expected: YearlyDate.forms) { YearlyDate($0) }
    title = AnniversaryTitle(given: Self.line("title", maxBytes: Self.maxTitleBytes, &reader), name: of)
    milestones = Milestones("milestones", &reader)
    yearly = YearlyDefinition(&reader)
    if let since, since.year == nil, milestones != nil {
      reader.fault("milestones", "year", "need a date whose year is known, and since is \(since)")
    }
  }

  /// Reads a definition that was validated when it was made; a fault is an error all the same.
  init(checked definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    self.init(&reader)
    try reader.finish()
  }

  private static func line(_ name: String, maxBytes: Int, _ reader: inout DefinitionReader) -> String? {
    reader.text(name, expected: "1 to \(maxBytes) bytes on one line, without spaces at the ends") { text in
      1...maxBytes ~= text.utf8.count && text == text.asOneLine ? text : nil
    }
  }
}
