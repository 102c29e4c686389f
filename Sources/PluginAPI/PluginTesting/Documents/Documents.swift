import PluginHost

/// The documents that a check gives to a plugin: the author's, else made from the manifest's schemas.
struct Documents {
  let request: CheckRequest
  let manifest: PluginManifest

  init(_ request: CheckRequest, _ manifest: PluginManifest) { (self.request, self.manifest) = (request, manifest) }

  /// Whether the author said whom the plugin may talk to.
  var isConfigurationGiven: Bool { !request.configuration.isEmpty }

  /// Configurations that the schema allows, the likeliest first; the author's alone, if there is one.
  /// - Throws: `.skipped` when none is found, `.failed` when the author's breaks the schema.
  func configurations(_ count: Int) throws(CaseEnd) -> MadeDocuments {
    try documents(
      given: request.configuration, option: "--config", schema: manifest.configuration,
      text: manifest.configurationSchemaJSON, count)
  }

  /// The same for definitions.
  func definitions(_ count: Int) throws(CaseEnd) -> MadeDocuments {
    try documents(
      given: request.definition, option: "--definition", schema: manifest.definition,
      text: manifest.definitionSchemaJSON, count)
  }

  private func documents(
    given: String, option: String, schema: JSONSchema, text: String, _ count: Int
  ) throws(CaseEnd) -> MadeDocuments {
    if !given.isEmpty {
      let text = fill(given)
      do throws(PluginHostError) { _ = try schema.check(text, what: "document of \(option)") } catch {
        throw .failed("\(option) gives what the schema does not allow: \(error.description)")
      }
      return MadeDocuments(only: text)
    }
    let found = made(schema, text, count)
    if found.isEmpty { throw .skipped("no document was found that the schema allows; give \(option)") }
    return found
  }

  /// Made from a schema, each different; what the schema does not allow is left out.
  func made(_ schema: JSONSchema, _ text: String, _ count: Int) -> MadeDocuments {
    let maker = (try? CheckingParts.parse(text)).map { root in
      DocumentMaker(
        root: root, folder: request.folder, port: request.port,
        random: SeededGenerator(seed: request.seed, for: "documents"))
    }
    return MadeDocuments(schema, maker, count, fill: fill)
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
