import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl template`
struct TemplateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "What events say: words by event type, language and sink.",
    discussion: """
      Of the templates for an event's type, and for its sink or any, the one counts whose locale fits the person best \
      (pt-BR, then pt, then any). A schedule whose definition has words of its own uses those. Parts that a template \
      leaves out stay the event type's own.
      """,
    subcommands: [
      TemplateList.self, GetCommand<Templates>.self, TemplatePreview.self, TemplateCreate.self, TemplateUpdate.self,
      DeleteCommand<Templates>.self,
    ], aliases: ["templates"])
}

enum Templates: DeletableNoun {
  static let kind = ResourceKind.templates

  static func get(_ client: Client, name: String) async throws(CtlError) -> Carillon_V1_Template {
    try await client.call { try await client.templates.getTemplate(.with { $0.name = name }, options: $0) }
  }

  static func page(_ client: Client, _ request: PageRequest) async throws(CtlError) -> Page<Carillon_V1_Template> {
    try await page(
      client,
      .with {
        $0.parent = request.parent
        $0.pageSize = request.size
        $0.pageToken = request.token
        $0.filter = request.filter
      })
  }

  static func page(
    _ client: Client, _ message: Carillon_V1_ListTemplatesRequest
  ) async throws(CtlError) -> Page<Carillon_V1_Template> {
    let answer = try await client.call { try await client.templates.listTemplates(message, options: $0) }
    return Page(items: answer.templates, next: answer.nextPageToken)
  }

  static func delete(_ client: Client, name: String, etag: String) async throws(CtlError) {
    let message = Carillon_V1_DeleteTemplateRequest.with {
      $0.name = name
      $0.etag = etag
    }
    _ = try await client.call { try await client.templates.deleteTemplate(message, options: $0) }
  }
}

extension Carillon_V1_Template: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("TYPE"), .init("LOCALE"), .init("SINK"), .init("TITLE"), .init("PARTS"),
    .init("TEXT", isWide: true),
  ]

  /// Characters of a part that a table shows.
  private static let shownCharacters = 48

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(eventType), .init(locale.isEmpty ? "any" : locale),
      .init(sink.isEmpty ? "any" : show.id(sink)), .init(Self.cut(title)), .init(parts.joined(separator: ", ")),
      .init(Self.cut(text)),
    ]
  }

  /// The parts that it words.
  private var parts: [String] {
    [("title", title), ("text", text), ("html", html)].filter { !$0.1.isEmpty }.map(\.0)
  }

  private static func cut(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    if line.isEmpty { return ValueText.none }
    return line.count <= shownCharacters && line.count == text.count ? line : line.prefix(shownCharacters) + "…"
  }
}
