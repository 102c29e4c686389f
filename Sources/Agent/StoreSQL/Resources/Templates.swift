import EventModel
import Store

extension Session {
  static let templateColumns =
    "m.name, m.event_type, m.locale, coalesce(k.name, ''), m.title, m.text, m.html, m.revision, m.id"
  static let templateTables = "template m LEFT JOIN sink k ON k.number = m.sink"

  func readTemplate(_ columns: Columns, namespace: String) throws -> MessageTemplate {
    MessageTemplate(
      namespace: namespace, id: columns.text(0), eventType: columns.text(1), locale: columns.text(2),
      sink: columns.text(3), title: columns.text(4), text: columns.text(5), html: columns.text(6),
      revision: columns.int64(7))
  }

  private func find(_ namespace: Int64, _ name: String, _ id: String) throws
    -> (row: Int64, template: MessageTemplate)?
  {
    try query(
      "SELECT \(Self.templateColumns) FROM \(Self.templateTables) WHERE m.namespace = ? AND m.name = ?"
    ).first(namespace, id) { ($0.int64(8), try readTemplate($0, namespace: name)) }
  }

  func put(_ draft: MessageTemplate, _ precondition: Precondition) throws -> ChangeResult {
    try draft.check()
    let namespace = try makeNamespace(draft.namespace)
    let found = try find(namespace, draft.namespace, draft.id)
    try precondition.check(put: found?.template.revision, "template \"\(draft.id)\"")
    let sink = draft.sink.isEmpty ? nil : try findSink(namespace, draft.namespace, draft.sink)
    guard draft.sink.isEmpty || sink != nil else {
      throw ModelError(field: "sink", "there is no sink \"\(draft.sink)\"")
    }
    var wanted = draft
    wanted.revision = found?.template.revision ?? 0
    if let found, found.template == wanted { return ChangeResult(effect: .unchanged, revision: wanted.revision) }
    wanted.revision += 1
    try write(wanted, row: found?.row, namespace, sink?.number ?? .all)
    try bump(.routingRevision)
    return ChangeResult(effect: found == nil ? .created : .updated, revision: wanted.revision)
  }

  private func write(_ template: MessageTemplate, row: Int64?, _ namespace: Int64, _ sink: SinkNumber) throws {
    // Case does not count in a language tag.
    let locale = LanguageTag(template.locale)?.subtags.joined(separator: "-") ?? ""
    let other = try query(
      """
      SELECT name FROM template WHERE namespace = ? AND event_type = ? AND locale_key = ? AND sink = ? AND name <> ?
      """
    ).first(namespace, template.eventType, locale, sink, template.id) { $0.text(0) }
    if let other {
      throw StoreError(.alreadyExists, "template \"\(other)\" is for the same event type, locale and sink")
    }
    if row == nil { try requireRoomForTemplate(namespace) }
    try query(
      """
      INSERT INTO template (namespace, name, event_type, locale, locale_key, sink, title, text, html, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (namespace, name) DO UPDATE SET event_type = excluded.event_type, locale = excluded.locale,
        locale_key = excluded.locale_key, sink = excluded.sink, title = excluded.title, text = excluded.text,
        html = excluded.html, revision = excluded.revision
      """
    ).run(
      namespace, template.id, template.eventType, template.locale, locale, sink, template.title, template.text,
      template.html, template.revision)
  }

  private func requireRoomForTemplate(_ namespace: Int64) throws {
    let count = try query("SELECT count(*) FROM template WHERE namespace = ?").first(namespace) { $0.int(0) } ?? 0
    guard count < MessageTemplate.maximumPerNamespace else {
      throw ModelError(
        field: "templates", "a namespace has at most \(MessageTemplate.maximumPerNamespace); delete one first")
    }
  }

  func deleteTemplate(_ namespace: String, _ id: String, _ precondition: Precondition) throws -> ChangeResult {
    let found = try self.namespace(namespace).flatMap { try find($0, namespace, id) }
    let revision = try precondition.check(delete: found?.template.revision, "template \"\(id)\"")
    if let found {
      try query("DELETE FROM template WHERE id = ?").run(found.row)
      try bump(.routingRevision)
    }
    return ChangeResult(effect: .deleted, revision: revision)
  }

  func template(_ namespace: String, _ id: String) throws -> MessageTemplate {
    let found = try self.namespace(namespace).flatMap { try find($0, namespace, id) }
    guard let found else { throw StoreError.missing("template", id) }
    return found.template
  }

  func templates(_ namespace: String, eventType: String?, _ page: PageRequest) throws -> Page<MessageTemplate> {
    try Paging.check(page)
    guard let number = try self.namespace(namespace) else { return Page(items: [], next: "") }
    let templates = try query(
      """
      SELECT \(Self.templateColumns) FROM \(Self.templateTables)
      WHERE m.namespace = ?1 AND m.name > ?2 AND (m.event_type = ?3 OR ?3 IS NULL) ORDER BY m.name LIMIT ?4
      """
    ).all(number, page.token, eventType, page.size + 1) { try readTemplate($0, namespace: namespace) }
    return Paging.page(templates, page, token: \.id)
  }

  func allTemplates() throws -> [MessageTemplate] {
    try query(
      """
      SELECT \(Self.templateColumns), n.name FROM \(Self.templateTables) JOIN namespace n ON n.id = m.namespace
      ORDER BY n.name, m.name
      """
    ).all { try readTemplate($0, namespace: $0.text(9)) }
  }
}
