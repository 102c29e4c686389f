import ArgumentParser
import FoundationEssentials

struct ContextSet: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Make a context, or change what is given of one.",
    discussion: """
      Files are PEM files. Agents given replace all that the context had. An empty text takes a setting away.
      A token is never kept here, only where it is.

      Examples:
        ctl context set production --agent north=north.example.org:7443 --agent south=south.example.org:7443
        ctl context set production --authority ca.pem --certificate admin.pem --key admin.key
        ctl context set production --token file:/home/ada/.carillon-token --namespace family
      """)

  @OptionGroup var output: OutputOptions
  @Argument(help: "The context's name.") var name: String
  @Option(help: "An agent, NAME=HOST:PORT or NAME=unix:PATH; repeatable.") var agent: [PairArgument] = []
  @Option(help: "Whose server certificates are trusted.") var authority: String?
  @Option(help: "Your certificate.") var certificate: String?
  @Option(help: "Its key.") var key: String?
  @Option(help: "Name that the agents' certificates must have.") var serverName: String?
  @Option(help: "Where your bearer token is: file:PATH or env:NAME.") var token: String?
  @Option(name: .shortAndLong, help: "Namespace.") var namespace: String?
  @Flag(help: "Use it from now on.") var use = false

  func perform(_ work: ContextWork) throws {
    guard ConnectionContext.isName(name) else {
      throw CtlError.invalid("name", "must be 1 to 63 of letters, digits, -, _ and .")
    }
    var effect = "updated"
    try work.change { list throws(CtlError) in
      if list[name] == nil { effect = "created" }
      var context = list[name] ?? ConnectionContext(name: name)
      try apply(to: &context)
      context.resolvePaths(in: FileManager.default.currentDirectoryPath)
      list.put(context)
      if use || list.current == nil { list.current = name }
    }
    try ContextReport.show(name, effect, work.printer)
  }

  private func apply(to context: inout ConnectionContext) throws(CtlError) {
    if !agent.isEmpty {
      context.agents = []
      for pair in agent { try add(pair, to: &context) }
    }
    guard !context.agents.isEmpty else {
      throw .invalid("--agent", "a context needs one at least", hint: "give --agent NAME=HOST:PORT")
    }
    func changed(_ new: String?, _ old: String?) -> String? { new.map { $0.isEmpty ? nil : $0 } ?? old }
    context.authority = changed(authority, context.authority)
    context.certificate = changed(certificate, context.certificate)
    context.key = changed(key, context.key)
    context.serverName = changed(serverName, context.serverName)
    context.namespace = changed(namespace, context.namespace)
    if let token { context.token = token.isEmpty ? nil : try SecretReference(token, field: "--token") }
  }

  private func add(_ pair: PairArgument, to context: inout ConnectionContext) throws(CtlError) {
    guard ConnectionContext.isName(pair.name) else {
      throw .invalid("--agent", "\(Excerpt.of(pair.name)) is no name: letters, digits, -, _ and ., at most 63")
    }
    guard !context.agents.contains(where: { $0.name == pair.name }) else {
      throw .invalid("--agent", "there are two agents \(Excerpt.of(pair.name))")
    }
    context.agents.append(.init(name: pair.name, address: try AgentAddress(pair.value, field: "--agent")))
  }
}
