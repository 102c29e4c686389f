import PluginHost

/// The documents that a check gives to a plugin: the author's, else made from the manifest's schemas.
struct Documents {
  /// How many documents are made before giving up.
  private static let attempts = 300

  let request: CheckRequest
  let manifest: PluginManifest

  init(_ request: CheckRequest, _ manifest: PluginManifest) { (self.request, self.manifest) = (request, manifest) }

  /// Whether the author said whom the plugin may talk to.
  var isConfigurationGiven: Bool { !request.configuration.isEmpty }

  /// Configurations that the schema allows, the likeliest first; the author's alone, if there is one.
  /// - Throws: `.skipped` when none is found, `.failed` when the author's breaks the schema.
  func configurations(_ count: Int) throws(CaseEnd) -> [String] {
    try documents(
      given: request.configuration, option: "--config", schema: manifest.configuration,
      text: manifest.configurationSchemaJSON, count)
  }

  /// The same for definitions.
  func definitions(_ count: Int) throws(CaseEnd) -> [String] {
    try documents(
      given: request.definition, option: "--definition", schema: manifest.definition,
      text: manifest.definitionSchemaJSON, count)
  }

  private func documents(
    given: String, option: String, schema: JSONSchema, text: String, _ count: Int
  ) throws(CaseEnd) -> [String] {
    if !given.isEmpty {
      let text = fill(given)
      do throws(PluginHostError) { _ = try schema.check(text, what: "document of \(option)") } catch {
        throw .skipped("\(option) gives what the schema does not allow: \(error.description)")
      }
      return [text]
    }
    let found = made(schema, text, count)
    guard !found.isEmpty else { throw .skipped("no document was found that the schema allows; give \(option)") }
    return found
  }

  /// Made from a schema, each different; what the schema does not allow is left out.
  func made(_ schema: JSONSchema, _ text: String, _ count: Int) -> [String] {
    guard let root = try? CheckingParts.parse(text) else { return [] }
    var maker = DocumentMaker(
      root: root, folder: request.folder, port: request.port,
      random: SeededGenerator(seed: request.seed, for: "documents"))
    var found: [String] = []
    if case .object(let object) = root, case .array(let examples) = object["examples"] {
      found += examples.filter { schema.violations(in: $0).isEmpty }.map { fill(CheckingParts.text($0)) }
    }
    let fills: [DocumentMaker.Fill] = [.required, .all, .some, .some, .some, .some]
    for attempt in 0..<Self.attempts where found.count < count {
      let value = maker.document(fills[min(attempt, 2 + attempt % 4)])
      guard schema.violations(in: value).isEmpty else { continue }
      let text = fill(CheckingParts.text(value))
      if !found.contains(text) { found.append(text) }
    }
    return Array(found.prefix(count))
  }

  /// What stands for a port where the program listens, and for a folder of the case's own.
  func fill(_ text: String) -> String {
    text.replacing("@PORT@", with: "\(request.port)").replacing("@FOLDER@", with: request.folder)
  }

  /// A user, as far as `reads` allows.
  var user: String {
    if !request.user.isEmpty { return request.user }
    let parts: [(field: String, text: String)] = [
      (
        "names",
        #""display_name":"Ada Lovelace","given_name":"Ada","family_name":"Lovelace","nickname":"Adi""#
      ),
      ("locale", #""locale":"en-GB""#),
      ("dates", #""dates":{"birth":"1988-02-29","wedding":"2012-06-30","anniversary":"2012-06-30"}"#),
      ("addresses", #""addresses":{"email":"ada@example.org"}"#), ("attributes", #""attributes":{"team":"engines"}"#),
    ]
    let readable = parts.filter { manifest.reads.contains($0.field) }.map { "," + $0.text }.joined()
    return #"{"id":"ada","time_zone":"Europe/London""# + readable + "}"
  }
}
