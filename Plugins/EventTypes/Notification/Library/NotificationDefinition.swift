import Occasions
import PluginKit0

/// What a notification's definition says, with its defaults.
struct NotificationDefinition {
  static let members = ["at", "key", "title", "text", "html", "data"]
  static let defaultKey = "once"

  let moment: Moment
  let key: String
  let content: MessageTemplates
  let data: JSONObject?

  /// Reads a definition, noting every fault. Members that are absent or at fault get their defaults.
  init(_ reader: inout DefinitionReader) {
    let forms = "an instant, as 2026-05-04T09:00:00+02:00, or a local time, as 2026-05-04T09:00"
    moment = reader.text("at", expected: forms) { Moment($0) } ?? .now
    let keys = "1 to \(Occurrence.maxKeyLength) printable ASCII characters without space"
    key = reader.text("key", expected: keys) { Occurrence.isKey($0) ? $0 : nil } ?? Self.defaultKey
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
