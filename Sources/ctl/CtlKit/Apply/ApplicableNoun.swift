import SwiftProtobuf

/// A noun that can be applied.
protocol ApplicableNoun: Noun {
  static func create(
    _ client: Client, _ document: ApplyDocument, _ resource: Resource, isDryRun: Bool
  ) async throws(CtlError) -> Resource
  /// The resource carries its name, and the etag that it must still have.
  static func update(
    _ client: Client, _ resource: Resource, mask: Google_Protobuf_FieldMask, isDryRun: Bool
  ) async throws(CtlError) -> Resource
  static func setIdentity(_ resource: inout Resource, name: String, etag: String)
  static func etag(_ resource: Resource) -> String
  /// Without what changes though nothing was changed.
  static func comparable(_ resource: Resource) -> Resource
}

extension ApplicableNoun {
  static func comparable(_ resource: Resource) -> Resource { resource }

  /// Brings the resource to what the document says.
  static func apply(
    _ document: ApplyDocument, _ client: Client, isDryRun: Bool
  ) async throws(CtlError) -> ChangeEffect {
    var wanted = try decode(document)
    guard let current = try await find(client, document.name) else {
      _ = try await create(client, document, wanted, isDryRun: isDryRun)
      return .created
    }
    guard !document.paths.isEmpty else { return .unchanged }
    setIdentity(&wanted, name: document.name, etag: etag(current))
    let mask = Google_Protobuf_FieldMask.with { $0.paths = document.paths }
    let result = try await update(client, wanted, mask: mask, isDryRun: isDryRun)
    return comparable(result) == comparable(current) ? .unchanged : .updated
  }

  static func decode(_ document: ApplyDocument) throws(CtlError) -> Resource {
    do { return try Resource(jsonString: document.body.compact) } catch {
      throw .invalid("line \(document.line)", "does not fit a \(document.kind.singular): \(error)")
    }
  }
}
