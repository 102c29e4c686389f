import ArgumentParser
import ControlAPI

struct PluginList: FleetCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the plugins of each agent, those that were refused too.",
    discussion: "Example:\n  ctl plugin list -o wide")

  @OptionGroup var global: GlobalOptions

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
