import Occasions
import PluginKit0

/// A template with its secrets in it. Never describes itself.
struct RenderableTemplate: Sendable, CustomStringConvertible, CustomReflectable {
  /// A longer body is refused.
  static let maximumBytes = 262_144

  let pieces: [TemplateLayout.Piece]
  let escaping: TemplateEscaping
  let renderer: TemplateRenderer

  var description: String { "<template>" }
  var customMirror: Mirror { Mirror(self, children: []) }

  /// The body for an event.
  ///
  /// - Throws: `invalid` when it would be too long, or the event's own parts are not JSON.
  func body(_ event: Event, _ message: Message) throws(PluginError) -> [UInt8] {
    let members = try TemplateNames.members(event, message, escaping)
    var text = ""
    for piece in pieces {
      switch piece {
      case .fixed(let fixed): text += fixed
      case .template(let template, let pointer):
        text += WebhookPayload.quoted(try renderer.render(template, as: .plain, with: members, field: pointer))
      }
      guard text.utf8.count <= Self.maximumBytes else {
        throw PluginError(.invalid, "the template gives more than \(Self.maximumBytes) bytes")
      }
    }
    return Array(text.utf8)
  }
}

/// What a template can name.
enum TemplateNames {
  /// `user` and `event` as in every template of Carillon's, and what the message says.
  static func members(
    _ event: Event, _ message: Message, _ escaping: TemplateEscaping
  ) throws(PluginError) -> [TemplateValue.Member] {
    var escaped = event
    escaped.id = escaping.escaped(event.id)
    escaped.type = escaping.escaped(event.type)
    escaped.namespace = escaping.escaped(event.namespace)
    escaped.occurrenceKey = escaping.escaped(event.occurrenceKey)
    let person = Person(escaping.escaped(try event.user.object(named: "user")))
    let details = try JSONText(WebhookPayload.details(event, message) ?? "").object(named: "message's data")
    var members = escaped.templateMembers(person)
    members += [
      .init("title", .whole(escaping.escaped(message.title))), .init("text", .whole(escaping.escaped(message.text))),
      .init("html", .whole(escaping.escaped(message.html))), .init("timestamp", .text(WebhookPayload.timestamp(event))),
      .init("schedule_id", .text(escaping.escaped(event.scheduleID))), .init("is_test", .flag(event.isTest)),
    ]
    if let value = TemplateValue(.object(escaping.escaped(details))) { members.append(.init("data", value)) }
    return members
  }
}
