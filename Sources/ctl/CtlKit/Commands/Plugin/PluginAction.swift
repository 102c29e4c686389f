import ArgumentParser
import ControlAPI

/// A command that does something with one plugin. Each agent of a fleet has its own plugins: it is done at all of them, or
/// with `--agent` at one.
protocol PluginAction: FleetCommand where Answer == Carillon_V1_Plugin {
  var confirmation: Confirmation { get }
  /// What is asked before it is done at several agents: `Load webhook.so`.
  var question: String { get }
  /// Whether it is to be done, or only checked.
  var terms: PluginTerms { get }
  /// The etag that the plugin must have still; empty: any.
  var etag: String { get }
}

/// How something is done with a plugin.
struct PluginTerms: ParsableArguments {
  @Flag(help: "Only check it, and show how it would be.") var dryRun = false
  @Option(help: "Your key: the same one again does it only once, for a day, in one run of the agent.")
  var requestId = ""
}

extension PluginAction {
  var etag: String { "" }

  /// Files are copied and checked, processes started.
  var patience: Duration { GlobalOptions.standardTimeout }

  func prepare(_ fleet: Fleet) throws {
    guard fleet.agents.count > 1 else { return }
    guard etag.isEmpty else {
      throw CtlError(
        .invalidArgument, "--etag: each agent's plugin has an etag of its own", hint: "take one of them: --agent")
    }
    guard !terms.dryRun else { return }
    try confirmation.ask(
      "\(question) at all \(fleet.agents.count) agents (\(fleet.agents.joined(separator: ", ")))?", fleet.around)
  }

  func show(_ answer: Carillon_V1_Plugin, _ printer: Printer) throws {
    try printer.one(answer)
    remind(answer, at: "", printer)
  }

  func show(_ answers: [FleetAnswer<Carillon_V1_Plugin>], _ printer: Printer) throws {
    try FleetPrinter(printer: printer).rows(answers.map { .init(agent: $0.agent, answer: [$0.answer]) })
    for answer in answers { remind(answer.answer, at: " at \(answer.agent)", printer) }
  }

  /// People are told what does not outlast the agent; the machine's forms have it in `untilRestart`.
  private func remind(_ plugin: Carillon_V1_Plugin, at place: String, _ printer: Printer) {
    guard printer.format == .table || printer.format == .wide, !plugin.untilRestart.isEmpty, !terms.dryRun else {
      return
    }
    Surroundings.current.errors.line(
      Printable.escaped(
        "\(plugin.name)\(place): until the agent ends only: \(plugin.untilRestart.joined(separator: ", "))"))
  }
}
