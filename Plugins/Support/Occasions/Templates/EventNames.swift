public import PluginKit0

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
