import ArgumentParser

/// `ctl context`
struct ContextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "context", abstract: "Whom ctl talks to: fleets of agents under a name.",
    subcommands: [
      ContextListCommand.self, ContextGet.self, ContextUse.self, ContextSet.self, ContextDelete.self,
      ContextImport.self, ContextRenew.self,
    ], aliases: ["contexts"])
}

/// A command about the contexts' file; it talks to no agent.
protocol ContextFileCommand: ParsableCommand {
  var output: OutputOptions { get }
  func perform(_ work: ContextWork) throws
}

/// What such a command has at hand.
struct ContextWork {
  let file: ContextFile
  let printer: Printer
  let around: Surroundings

  /// Changes the file as a whole.
  func change(_ body: (inout ContextList) throws(CtlError) -> Void) throws(CtlError) {
    var list = try file.read()
    try body(&list)
    try file.write(list)
  }
}

extension ContextFileCommand {
  mutating func run() throws {
    let around = Surroundings.current
    try perform(
      ContextWork(
        file: try ContextFile.find(around.environment), printer: try output.printer(around), around: around))
    around.output.flush()
  }
}

/// The form of the output, for commands that talk to no agent.
struct OutputOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Form of the output: table, wide, name, json, jsonl or yaml.")
  var output = OutputFormat.table

  @Option(help: "Colour: auto, always or never.")
  var color = ColourChoice.auto

  func printer(_ around: Surroundings) throws(CtlError) -> Printer {
    let isColoured = color.isOn(isTerminal: around.isOutputTerminal, environment: around.environment)
    return Printer(
      format: output, paint: Paint(isOn: isColoured), show: ValueText(zone: try ZoneClock(named: "UTC")),
      sink: around.output)
  }
}
