import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

struct FakeTemplates: Carillon_V1_Templates.SimpleServiceProtocol {
  let agent: FakeAgent

  func createTemplate(
    request: Carillon_V1_CreateTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    try agent.begin(request)
    var template = request.template
    template.name = "\(request.parent)/templates/\(request.templateID)"
    template.etag = "first"
    let created = template
    return try agent.with { state in
      guard !created.title.isEmpty || !created.text.isEmpty || !created.html.isEmpty else {
        throw FakeAgent.invalid("template.text", "a template needs a title, a text or an html")
      }
      let isTaken = state.templates.values.contains {
        $0.name == created.name
          || ($0.eventType, $0.locale, $0.sink) == (created.eventType, created.locale, created.sink)
      }
      guard !isTaken else {
        throw GoogleRPCStatus(code: .alreadyExists, message: "\(created.name) exists already", details: [])
      }
      if !request.validateOnly { state.templates[created.name] = created }
      return created
    }
  }

  func getTemplate(
    request: Carillon_V1_GetTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    try agent.begin(request)
    return try agent.with { state in
      guard let template = state.templates[request.name] else { throw FakeAgent.notFound(request.name) }
      return template
    }
  }

  func listTemplates(
    request: Carillon_V1_ListTemplatesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListTemplatesResponse {
    try agent.begin(request)
    return agent.with { state in
      .with {
        $0.templates = state.templates.values.sorted { $0.name < $1.name }
          .filter { request.eventType.isEmpty || $0.eventType == request.eventType }
      }
    }
  }

  func updateTemplate(
    request: Carillon_V1_UpdateTemplateRequest, context: ServerContext
  ) async throws -> Carillon_V1_Template {
    try agent.begin(request)
    return try agent.with { state in
      guard let current = state.templates[request.template.name] else {
        throw FakeAgent.notFound(request.template.name)
      }
      guard request.template.etag.isEmpty || request.template.etag == current.etag else {
        throw GoogleRPCStatus(code: .aborted, message: "the template has changed", details: [])
      }
      var next = current
      for path in request.updateMask.paths {
        switch path {
        case "title": next.title = request.template.title
        case "text": next.text = request.template.text
        case "html": next.html = request.template.html
        case "locale": next.locale = request.template.locale
        case "sink": next.sink = request.template.sink
        case "event_type": next.eventType = request.template.eventType
        default: throw FakeAgent.invalid("update_mask", "unknown path \(path)")
        }
      }
      if next != current {
        state.revision += 1
        next.etag = "r\(state.revision)"
      }
      if !request.validateOnly { state.templates[next.name] = next }
      return next
    }
  }

  func deleteTemplate(
    request: Carillon_V1_DeleteTemplateRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return try agent.with { state in
      guard state.templates.removeValue(forKey: request.name) != nil else { throw FakeAgent.notFound(request.name) }
      return .init()
    }
  }
}
