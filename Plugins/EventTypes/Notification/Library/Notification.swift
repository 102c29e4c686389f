public import Occasions
public import PluginKit0

/// The event type `notification`: one message, now or at a moment.
public struct Notification: EventTypePlugin {
  /// Calls share nothing but the template cache, which locks.
  public static let threadModel = ThreadModel.parallel

  private let renderer: TemplateRenderer

  /// Makes an instance; there is nothing to configure.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.init()
  }

  /// An instance with a template cache.
  public init(renderer: TemplateRenderer = TemplateRenderer()) { self.renderer = renderer }

  /// Checks the moment, the key, and the templates.
  public func validate(_ definition: JSONText) throws(PluginError) {
    var reader = DefinitionReader(try definition.object(named: "definition"))
    let definition = NotificationDefinition(&reader)
    reader.refuseOthers(than: NotificationDefinition.members)
    definition.content.check(with: renderer, &reader)
    try reader.finish()
  }

  /// One occurrence, when nothing was given out yet. At the start of a series it is given even if its moment is
  /// past: whoever asked for it gets it late, or is told by the host that it expired, and never silently nothing.
  public func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try NotificationDefinition(checked: request.definition)
    let after = request.after
    guard after.isStart || (after.ordinal == 0 && after.key.isEmpty) else { return }
    let when: Occurrence.When
    switch definition.moment {
    case .now:
      guard after.isStart else { return }
      when = .instant(nanoseconds: after.instantNanoseconds)
    case .instant(let nanoseconds):
      guard after.isStart || nanoseconds > after.instantNanoseconds else { return }
      when = .instant(nanoseconds: nanoseconds)
    case .civil(let civil):
      guard after.isStart || civil > after.civil else { return }
      when = .civil(civil)
    }
    _ = emit(Occurrence(when, ordinal: 1, key: definition.key))
  }

  /// The definition's texts, with the user's names filled in; the host's templates go over them.
  public func render(_ event: Event) throws(PluginError) -> Message {
    let definition = try NotificationDefinition(checked: event.definition)
    var members = event.templateMembers(try Person(event.user))
    if let data = definition.data, let value = TemplateValue(.object(data)) { members.append(.init("data", value)) }
    let words = try words(of: definition.content, members)
    var message = try renderer.message(for: event, otherwise: words, members: members)
    if let data = definition.data {
      message.contentType = "application/json"
      message.data = data.serialized()
    }
    return message
  }

  private func words(
    of content: MessageTemplates, _ members: [TemplateValue.Member]
  ) throws(PluginError) -> Words {
    func render(_ template: String?, _ format: TemplateFormat, _ field: String) throws(PluginError) -> String? {
      guard let template else { return nil }
      return try renderer.render(template, as: format, with: members, field: field)
    }
    let title = try render(content.title, .plain, "/title")
    let text = try render(content.text, .plain, "/text")
    let html = try render(content.html, .html, "/html") ?? ""
    let line = (title ?? text.map(Self.firstLine) ?? "").asOneLine
    return Words(title: line.bounded(toBytes: TemplateRenderer.maxTitleBytes), text: text ?? line, html: html)
  }

  private static let maxDerivedTitleBytes = 120

  /// What stands for a title when there is none.
  private static func firstLine(of text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.bounded(toBytes: maxDerivedTitleBytes)
  }
}
