import ControlAPI
import EventModel
import GRPCCore
import GRPCProtobuf
import Logging
import Store
import SwiftProtobuf

/// Wording: what events of a type say, by language and sink.
struct TemplatesService: Carillon_V1_Templates.SimpleServiceProtocol {
  let environment: Environment
  private var store: any Store { environment.store }

  /// Where the fields of a template stand in a request.
  private static let path = FieldPath("template", renamed: ["id": "template_id", "namespace": "parent"])

  func createTemplate(
    request: Carillon_V1_CreateTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    let namespace = try ResourceName.namespace(request.parent)
    let name = ResourceName(kind: .template, namespace: namespace, id: request.templateID)
    let template = try await draft(request.template, name: name)
    let made = try await naming(template, name) {
      try await environment.create(
        .putTemplate(template, .absent), request, about: name, path: Self.path, context: context)
    }
    guard !request.validateOnly else { return Carillon_V1_Template(template) }
    return try await made.answer(Carillon_V1_Template(template), stored)
  }

  func getTemplate(
    request: Carillon_V1_GetTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    try await stored(ResourceName(request.name, kind: .template, field: "name"))
  }

  func listTemplates(
    request: Carillon_V1_ListTemplatesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListTemplatesResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try ListFilter<Carillon_V1_Template>(request.filter)
    let listing = ["templates", namespace, request.eventType, request.filter]
    let eventType = request.eventType.isEmpty ? nil : request.eventType
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.listed(asked, filter) { request in
      try await environment.page(request) {
        try await store.templates(namespace: namespace, eventType: eventType, page: $0)
      }
    } show: {
      Carillon_V1_Template($0)
    }
    return .with {
      $0.templates = page.items
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func updateTemplate(
    request: Carillon_V1_UpdateTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    let name = try ResourceName(request.template.name, kind: .template, field: "template.name")
    let mask = try FieldMask(
      request.updateMask, isPresent: request.hasUpdateMask, fields: Carillon_V1_Template.maskFields)
    let etag = request.template.etag
    return try await environment.retryingConflicts(etag: etag) {
      let old = try await existing(name, allowMissing: request.allowMissing && etag.isEmpty)
      let template: MessageTemplate
      if let old {
        template = try await changed(old, request.template, mask: mask)
      } else {
        template = try await draft(request.template, name: name)
      }
      let condition = try Etag.precondition(
        etag, otherwise: old.map { .revision($0.revision) } ?? .absent, name: name)
      return try await put(template, condition, name: name, dryRun: request.validateOnly, context: context)
    }
  }

  func deleteTemplate(
    request: Carillon_V1_DeleteTemplateRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    let name = try ResourceName(request.name, kind: .template, field: "name")
    let condition = try Etag.precondition(request.etag, otherwise: .present, name: name)
    _ = try await environment.commit(
      .deleteTemplate(namespace: name.namespace, id: name.id, condition), about: name, dryRun: false,
      context: context)
    return Google_Protobuf_Empty()
  }
}

extension TemplatesService {
  private func draft(_ message: Carillon_V1_Template, name: ResourceName) async throws -> MessageTemplate {
    var violations = Violations()
    let template = MessageTemplate(
      message, namespace: name.namespace, id: name.id, path: Self.path, violations: &violations)
    try await check(template, words: true, &violations)
    return template
  }

  /// An existing template, changed and checked. Its words are tried only when the update changes what they are tried
  /// with: so that a template whose plugin is gone can still be kept to one sink.
  private func changed(
    _ old: MessageTemplate, _ message: Carillon_V1_Template, mask: FieldMask
  ) async throws -> MessageTemplate {
    var violations = Violations()
    var template = old
    template.apply(message, mask: mask, path: Self.path, violations: &violations)
    var sameWords = template
    sameWords.sink = old.sink
    sameWords.locale = old.locale
    try await check(template, words: sameWords != old, &violations)
    return template
  }

  private func check(_ template: MessageTemplate, words: Bool, _ violations: inout Violations) async throws {
    violations.collect(under: Self.path) { () throws(ModelError) in try template.check() }
    if !template.sink.isEmpty {
      try await environment.checkSink(
        template.sink, namespace: template.namespace, field: "template.sink", &violations)
    }
    if words { await environment.checkTakesTemplates(template.eventType, &violations) }
    // What has a fault already is not tried.
    try violations.check()
    guard words else { return }
    try await TemplateCheck(environment: environment, path: Self.path).check(template, &violations)
    try violations.check()
  }

  private func existing(_ name: ResourceName, allowMissing: Bool) async throws -> MessageTemplate? {
    let found = try await ifFound { () throws(StoreError) in
      try await store.template(namespace: name.namespace, id: name.id)
    }
    if found == nil, !allowMissing { throw Failure.notFound(name) }
    return found
  }

  private func put(
    _ template: MessageTemplate, _ condition: Precondition, name: ResourceName, dryRun: Bool, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    _ = try await naming(template, name) {
      try await environment.commit(
        .putTemplate(template, condition), about: name, dryRun: dryRun, path: Self.path, context: context)
    }
    return dryRun ? Carillon_V1_Template(template) : try await stored(name)
  }

  private func stored(_ name: ResourceName) async throws -> Carillon_V1_Template {
    try await environment.naming(name) {
      Carillon_V1_Template(try await store.template(namespace: name.namespace, id: name.id))
    }
  }

  /// Puts a template, and says which other one is in its way.
  private func naming<Answer>(
    _ template: MessageTemplate, _ name: ResourceName, _ put: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await put()
    } catch let error as GoogleStatus where error.code == .alreadyExists {
      throw try await clash(template, name: name, otherwise: error)
    }
  }

  /// Either there is a template of this name, or another one for the same event type, locale and sink: that one is named.
  private func clash(
    _ template: MessageTemplate, name: ResourceName, otherwise error: GoogleStatus
  ) async throws -> GoogleStatus {
    var token = ""
    repeat {
      let page = try await store.templates(
        namespace: template.namespace, eventType: template.eventType,
        page: PageRequest(size: PageRequest.maximumSize, token: token))
      if let other = page.items.first(where: { $0.isFor(sameAs: template) && $0.id != template.id }) {
        let text = ResourceName(kind: .template, namespace: other.namespace, id: other.id).text
        return Failure.make(
          .alreadyExists, "ALREADY_EXISTS", "\(text) has this event type, locale and sink already: change that one",
          metadata: ["template": text])
      }
      token = page.next
    } while !token.isEmpty
    return error
  }
}

extension MessageTemplate {
  fileprivate func isFor(sameAs other: MessageTemplate) -> Bool {
    eventType == other.eventType && sink == other.sink
      && (locale == other.locale || LanguageTag(locale).map { $0 == LanguageTag(other.locale) } ?? false)
  }
}
