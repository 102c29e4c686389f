/// Reads contexts out of YAML. An unknown key is refused with the nearest known one.
struct ContextReader {
  private var faults: [CtlError.Violation] = []
  private let allowsContent: Bool

  private init(allowsContent: Bool) { self.allowsContent = allowsContent }

  private static let topKeys = ["current", "contexts"]
  private static let contextKeys = [
    "name", "agents", "authority", "certificate", "key", "serverName", "token", "namespace",
  ]
  private static let agentKeys = ["name", "address"]

  private typealias Members = [(key: String, value: SourceValue)]

  /// - Parameter allowsContent: whether certificates and keys may stand in it themselves, in PEM form, instead of their files'
  ///   paths: a bundle to be imported.
  static func read(_ bytes: [UInt8], name: String, allowsContent: Bool = false) throws(CtlError) -> ContextList {
    let documents = try YAMLReader.documents(bytes, name: name)
    guard let document = documents.first else { return ContextList() }
    guard documents.count == 1 else { throw CtlError(.invalidArgument, "\(name) has more than one document") }
    var reader = ContextReader(allowsContent: allowsContent)
    let list = reader.list(document)
    guard reader.faults.isEmpty else {
      throw CtlError(.invalidArgument, "\(name) is not valid", violations: reader.faults)
    }
    return list
  }

  private mutating func fault(_ line: Int, _ field: String, _ reason: String) {
    faults.append(.init(field: "line \(line): \(field)", reason: reason))
  }

  private mutating func list(_ document: SourceValue) -> ContextList {
    var list = ContextList()
    let members = members(document, "the document", Self.topKeys)
    list.current = text("current", members)
    for item in items("contexts", members) {
      let context = context(item)
      if list[context.name] != nil { fault(item.line, "name", "there are two contexts \(Excerpt.of(context.name))") }
      list.contexts.append(context)
    }
    if list.contexts.count > ContextList.maxContexts {
      fault(document.line, "contexts", "more than \(ContextList.maxContexts)")
    }
    if let current = list.current, list[current] == nil {
      fault(document.line, "current", "there is no context \(Excerpt.of(current))")
    }
    return list
  }

  private mutating func context(_ value: SourceValue) -> ConnectionContext {
    let members = members(value, "a context", Self.contextKeys)
    var context = ConnectionContext(name: name(members, value.line))
    context.authority = file("authority", members)
    context.certificate = file("certificate", members)
    context.key = file("key", members)
    context.serverName = text("serverName", members)
    context.namespace = text("namespace", members)
    if let token = text("token", members) {
      do { context.token = try SecretReference(token, field: "token") } catch {
        fault(value.line, "token", error.message)
      }
    }
    for item in items("agents", members) {
      guard let agent = agent(item) else { continue }
      if context.agents.contains(where: { $0.name == agent.name }) {
        fault(item.line, "name", "there are two agents \(Excerpt.of(agent.name))")
      }
      context.agents.append(agent)
    }
    if context.agents.isEmpty { fault(value.line, "agents", "at least one, with name and address") }
    if context.agents.count > ConnectionContext.maxAgents {
      fault(value.line, "agents", "more than \(ConnectionContext.maxAgents)")
    }
    return context
  }

  private mutating func agent(_ value: SourceValue) -> Endpoint? {
    let members = members(value, "an agent", Self.agentKeys)
    let name = name(members, value.line)
    guard let address = text("address", members) else {
      fault(value.line, "address", "is missing")
      return nil
    }
    do { return Endpoint(name: name, address: try AgentAddress(address, field: "address")) } catch {
      fault(value.line, "address", error.message)
      return nil
    }
  }

  private mutating func name(_ members: Members, _ line: Int) -> String {
    let name = text("name", members) ?? ""
    if !ConnectionContext.isName(name) {
      fault(line, "name", "must be 1 to \(ConnectionContext.maxNameBytes) of letters, digits, -, _ and .")
    }
    return name
  }

  /// The members of a mapping; keys may be written `server_name` and `server-name`, too.
  private mutating func members(_ value: SourceValue, _ what: String, _ known: [String]) -> Members {
    guard case .map(let members) = value.form else {
      fault(value.line, what, "must be a mapping with \(known.joined(separator: ", "))")
      return []
    }
    var result: Members = []
    for (key, value) in members {
      let name = ApplyDecoder.camelCase(key)
      if known.contains(name) {
        result.append((name, value))
      } else {
        let suggestion = NearestName.suggestion(key, in: known)
        fault(value.line, key, "is not known\(suggestion) (known: \(known.joined(separator: ", ")))")
      }
    }
    return result
  }

  private mutating func items(_ key: String, _ members: Members) -> [SourceValue] {
    guard let value = members.first(where: { $0.key == key })?.value else { return [] }
    guard case .list(let items) = value.form else {
      fault(value.line, key, "must be a list")
      return []
    }
    return items
  }

  private mutating func file(_ key: String, _ members: Members) -> String? {
    guard let text = text(key, members) else { return nil }
    if !allowsContent, PEMFile.isText(text) {
      let line = members.first { $0.key == key }?.value.line ?? 1
      fault(line, key, "must be the path of a PEM file; ctl context import takes files with certificates in them")
    }
    return text
  }

  private mutating func text(_ key: String, _ members: Members) -> String? {
    guard let value = members.first(where: { $0.key == key })?.value else { return nil }
    switch value.form {
    case .scalar(.string(let text)): return text.isEmpty ? nil : text
    case .scalar(.integer(let number)): return String(number)
    case .scalar(.null): return nil
    default:
      fault(value.line, key, "must be a text")
      return nil
    }
  }
}
