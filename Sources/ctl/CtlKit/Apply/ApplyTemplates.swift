import ControlAPI
import SwiftProtobuf

extension Templates: ApplicableNoun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Carillon_V1_Template, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Template {
    let request = Carillon_V1_CreateTemplateRequest.with {
      $0.parent = kind.parent(namespace: document.namespace)
      $0.templateID = document.id
      $0.template = resource
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.templates.createTemplate(request, options: $0) }
  }

  static func update(
    _ client: Client, _ resource: Carillon_V1_Template, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_Template {
    let request = Carillon_V1_UpdateTemplateRequest.with {
      $0.template = resource
      $0.updateMask = mask
      $0.validateOnly = isDryRun
    }
    return try await client.call { try await client.templates.updateTemplate(request, options: $0) }
  }

  static func setIdentity(_ resource: inout Carillon_V1_Template, name: String, etag: String) {
    resource.name = name
    resource.etag = etag
  }

  static func etag(_ resource: Carillon_V1_Template) -> String { resource.etag }
}
