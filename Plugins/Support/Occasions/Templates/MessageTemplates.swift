public import PluginKit0

/// The `templates` member of a definition: what replaces the default title, text and HTML.
public struct MessageTemplates: Sendable, Hashable {
  /// Replaces the title.
  public var title: String?
  /// Replaces the text.
  public var text: String?
  /// Replaces the HTML.
  public var html: String?

  /// Reads templates from the members `title`, `text` and `html` of an object; absent ones stay absent.
  public init(_ reader: inout DefinitionReader) {
    title = reader.text("title")
    text = reader.text("text")
    html = reader.text("html")
  }

  /// Notes a fault for each template that cannot be rendered.
  public func check(with renderer: TemplateRenderer, _ reader: inout DefinitionReader) {
    for (name, template) in [("title", title), ("text", text), ("html", html)] {
      if let template, let fault = renderer.fault(in: template) { reader.fault(name, "template", fault) }
    }
  }
}

extension Event {
  /// The names every template can use: the user's and the event's.
  public func templateMembers(_ person: Person) -> [TemplateValue.Member] {
    var user = [
      TemplateValue.Member("id", person.id), .init("name", person.name), .init("display_name", person.displayName),
      .init("given_name", person.givenName), .init("family_name", person.familyName),
      .init("nickname", person.nickname), .init("locale", person.locale), .init("time_zone", person.timeZone),
    ].compactMap(\.self)
    if let attributes = person.attributes, let value = TemplateValue(.object(attributes)) {
      user.append(.init("attributes", value))
    }
    let time = local.time
    let event: [TemplateValue.Member] = [
      .init("id", .text(id)), .init("type", .text(type)), .init("namespace", .text(namespace)),
      .init("key", .text(occurrenceKey)), .init("local_date", .text(local.date.description)),
      .init("local_time", .text(time.second == 0 ? String(time.description.prefix(5)) : time.description)),
      .init("time_zone", .text(timeZone)),
    ]
    return [.init("user", .object(user)), .init("event", .object(event))]
  }
}
