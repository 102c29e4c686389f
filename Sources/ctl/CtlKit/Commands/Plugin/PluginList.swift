import ArgumentParser
import ControlAPI

struct PluginList: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the plugins of each agent, those that were refused too.",
    discussion: "Examples:\n  ctl plugin list -o wide\n  ctl plugin list --watch")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var watching: WatchOptions

  mutating func run() async throws { watching.watch ? try await follow() : try await runFleet() }

  /// Every agent's own plugins, as they change.
  private func follow() async throws {
    let around = Surroundings.current
    let printer = try global.printer(around)
    let connection = try global.find(around)
    let feed = RowFeed<Carillon_V1_Plugin>(
      printer: printer, isFleet: connection.isFleet, limit: watching.count ?? .max)
    let command = self
    try await Interruption.ends {
      let outcomes = await FanOut.ask(connection.endpoints) { endpoint throws(CtlError) in
        try await command.global.connect(endpoint, connection, printer, around) { session in
          let agent = connection.isFleet ? endpoint.name : ""
          try await Plugins.stream(only: [], agent: agent).follow(session, feed)
        }
      }
      try FanOut.end(outcomes, isFleet: connection.isFleet, printer.format, around)
    }
    around.output.flush()
  }

  /// An agent has few: all of them fit into memory.
  func ask(_ session: Session) async throws -> [Carillon_V1_Plugin] {
    var plugins: [Carillon_V1_Plugin] = []
    try await Paging.each(
      limit: nil,
      fetch: { size, token throws(CtlError) in
        try await Plugins.page(session.client, .init(parent: "", size: size, token: token))
      }, body: { plugins += $0 })
    return plugins
  }

  func show(_ answer: [Carillon_V1_Plugin], _ printer: Printer) throws {
    var list = ListPrinter<Carillon_V1_Plugin>(printer)
    try list.add(answer)
    list.finish()
  }

  func show(_ answers: [FleetAnswer<[Carillon_V1_Plugin]>], _ printer: Printer) throws {
    try FleetPrinter(printer: printer).rows(answers)
  }
}
