import ArgumentParser

/// `ctl top`
struct TopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "A live screen: queues, sinks, agents and problems, each second.",
    discussion: """
      Keys: q ends, p pauses, s sorts, n looks at another namespace, arrows scroll, ? helps. Where the output is no
      terminal, or with --once, the state is written once as text.

      Examples:
        ctl top
        ctl top --once
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Flag(help: "Write the state once, and end.") var once = false

  func run() async throws {
    let around = Surroundings.current
    let printer = try global.printer(around)
    let connection = try global.find(around)
    let looks = TopLooks(global: global, connection: connection, printer: printer, around: around)
    guard !once, around.isOutputTerminal, around.isInputTerminal, printer.format == .table || printer.format == .wide
    else { return try await TopOnce(looks: looks).run() }
    try await TopScreen(looks: looks).run()
  }
}
