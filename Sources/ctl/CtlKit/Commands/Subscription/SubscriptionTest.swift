import ArgumentParser

/// `ctl subscription test`
struct SubscriptionTest: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Say where an event would go, and which part of each subscription says no.",
    discussion: """
      Nothing is sent, and the event need not exist. It is written as ctl event get -o json prints one; its user
      may stand in it instead of a name, as in a file for ctl apply. What it does not say is taken from its
      schedule, if there is one. With --expect, it ends with 1 when the event would go to other sinks.

      With --definitions the subscriptions, sinks, queues, users and schedules come from files for ctl apply,
      and no agent is asked.

      Examples:
        ctl subscription test -f event.json
        ctl event get EVENT -o json | ctl subscription test -f - --expect partner,mail
        ctl subscription test --definitions carillon.yaml --expect partner -f - <<END
        {"eventType": "birthday", "user": {"locale": "de-AT"}}
        END
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(name: [.customShort("f"), .customLong("file")], help: "The event's file, or - for standard input.")
  var file: String
  @Option(help: "A file for ctl apply, instead of what the agent has; repeatable.") var definitions: [String] = []
  @Option(help: "The sinks that it must go to, separated by commas; '' for none. Else: exit 1.") var expect: String?

  func validate() throws {
    if ([file] + definitions).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be read once only")
    }
  }

  mutating func run() async throws {
    guard !definitions.isEmpty else { return try await runConnected() }
    let around = Surroundings.current
    let printer = try global.printer(around)
    let namespace = try global.find(around).namespace
    var documents: [ApplyDocument] = []
    for path in definitions {
      let file = try InputFile(path, surroundings: around)
      let bytes = try file.readAll(maxBytes: YAMLReader.maxBytes)
      documents += try ApplyDocument.read(bytes, name: file.name, namespace: namespace)
    }
    try await test(try FileRoutes(documents, namespace: namespace), namespace, printer, around)
    around.output.flush()
  }

  func perform(_ session: Session) async throws {
    try await test(LiveRoutes(session: session), session.namespace, session.printer, session.around)
  }

  private func test(
    _ source: any RouteSource, _ namespace: String, _ printer: Printer, _ around: Surroundings
  ) async throws {
    let input = try InputFile(file, surroundings: around)
    let bytes = try input.readAll(maxBytes: TestedEventFile.maxBytes)
    let event = try TestedEventFile.read(bytes, name: input.name, namespace: namespace)
    let outcome = try await RouteTest(source: source, namespace: namespace, now: around.now()).run(event)
    let expected = try expect.map { text throws(CtlError) in try Self.sinks(text, namespace) }
    try outcome.show(printer, expected: expected)
    if let expected { try outcome.judge(expected) }
  }

  private static func sinks(_ text: String, _ namespace: String) throws(CtlError) -> Set<String> {
    var sinks: Set<String> = []
    for part in text.split(separator: ",") {
      sinks.insert(ResourceName.id(try ResourceKind.sinks.name(String(part).trimmingSpace, namespace: namespace)))
    }
    return sinks
  }
}
