import ControlAPI

/// A command that does something with one plugin. Each agent of a fleet has its own plugins: it is done at all of them, or
/// with `--agent` at one.
protocol PluginAction: FleetCommand where Answer == Carillon_V1_Plugin {
  var confirmation: Confirmation { get }
  /// What is asked before it is done at several agents: `Load webhook.so`.
  var question: String { get }
}

extension PluginAction {
  /// Files are copied and checked, processes started.
  var patience: Duration { GlobalOptions.standardTimeout }

  func prepare(_ fleet: Fleet) throws {
    guard fleet.agents.count > 1 else { return }
    try confirmation.ask(
      "\(question) at all \(fleet.agents.count) agents (\(fleet.agents.joined(separator: ", ")))?", fleet.around)
  }

  func show(_ answer: Carillon_V1_Plugin, _ printer: Printer) throws { try printer.one(answer) }

  func show(_ answers: [FleetAnswer<Carillon_V1_Plugin>], _ printer: Printer) throws {
    try FleetPrinter(printer: printer).rows(answers.map { .init(agent: $0.agent, answer: [$0.answer]) })
  }
}
