import Occasions
import PluginKit0

/// What a notification's definition says, with its defaults.
struct NotificationDefinition {
  static let members = ["at", "key", "title", "text", "html", "data"]
  static let defaultKey = "once"
  private static let momentForms = "an instant, as 2026-05-04T09:00:00+02:00, or a local time, as 2026-05-04T09:00"
  private static let keyForms = "1 to \(Occurrence.maxKeyLength) printable ASCII characters without space"

  let moment: Moment
  let key: String
  let content: MessageTemplates
  let data: JSONObject?

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ reader: inout DefinitionReader) {
    moment = reader.text("at", expected: Self.momentForms) { Moment($0) } ?? .now
    key = reader.text("key", expected: Self.keyForms) { Occurrence.isKey($0) ? $0 : nil } ?? Self.defaultKey
    content = MessageTemplates(&reader)
    data = reader.object("data")
    if !reader.has("title"), !reader.has("text") {
      reader.fault("", "required", "there must be a title or a text")
    }
  }

  /// Reads a definition that was validated when it was made; a fault is an error all the same.
  init(checked definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    self.init(&reader)
    try reader.finish()
  }
}
