import Occasions
import PluginKit0

/// What a birthday's definition says, with its defaults.
struct BirthdayDefinition {
  static let members = ["born"] + YearlyDefinition.members

  /// When the person was born; nil when the user's own date counts.
  let born: YearlyDate?
  let yearly: YearlyDefinition

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ reader: inout DefinitionReader) {
    born = reader.text("born", expected: YearlyDate.forms) { YearlyDate($0) }
    yearly = YearlyDefinition(&reader)
  }

  /// Reads a definition that was validated when it was made; a fault is an error all the same.
  init(checked definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    self.init(&reader)
    try reader.finish()
  }
}
