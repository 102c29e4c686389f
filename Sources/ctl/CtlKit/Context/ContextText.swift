/// Writes contexts as YAML.
enum ContextText {
  static func yaml(_ list: ContextList) throws(CtlError) -> String {
    var members: [(String, JSONValue)] = []
    if let current = list.current { members.append(("current", .string(current))) }
    members.append(("contexts", .array(list.contexts.map(json))))
    return try YAMLText.document(.object(members))
  }

  static func json(_ context: ConnectionContext) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(context.name)),
      (
        "agents",
        .array(
          context.agents.map { .object([("name", .string($0.name)), ("address", .string($0.address.text))]) })
      ),
    ]
    let texts = [
      ("authority", context.authority), ("certificate", context.certificate), ("key", context.key),
      ("serverName", context.serverName), ("token", context.token?.text), ("namespace", context.namespace),
    ]
    for (name, text) in texts {
      if let text { members.append((name, .string(text))) }
    }
    return .object(members)
  }
}
