import AuthorDesk
import PluginFile
import PluginHost

/// `ctl plugin run` in the process that the plugin runs in.
struct RunDesk {
  let command: PluginRun
  let around = Surroundings.current

  /// Loads the plugin, feeds it, shows what it does, and ends it.
  func perform() async throws(CtlError) {
    let printer = try command.output.printer(around)
    let desk = try await open()
    var failure: CtlError?
    do throws(CtlError) { try await run(desk, printer) } catch { failure = error }
    await desk.close()
    around.output.flush()
    if let failure { throw failure }
  }

  private func open() async throws(CtlError) -> PluginDesk {
    let options = DeskOptions(
      file: command.file, name: noteName(),
      configurationJSON: try DocumentArgument.json(command.config, "--config") ?? "{}",
      limit: command.limit.duration, isVerbose: command.verbose)
    let errors = around.errors
    do throws(DeskError) {
      return try await PluginDesk.open(options) { errors.line(Printable.escaped($0)) }
    } catch {
      throw CtlError(error)
    }
  }

  /// The plugin's name, as the note in its file says.
  private func noteName() -> String? {
    // What cannot be read here is told by whoever loads the file.
    guard let text = try? PluginFile.inspect(command.file).manifest,
      let manifest = try? JSONValue(parsing: text.utf8)
    else { return nil }
    return manifest["name"]?.text
  }

  private func run(_ desk: PluginDesk, _ printer: Printer) async throws(CtlError) {
    let manifest = desk.plugin.manifest
    if manifest.isSink, command.definition == nil || !manifest.isEventType {
      try refuse(["--definition": command.definition, "--from": command.from], "a sink")
      try await SinkRun(command: command, around: around, desk: desk).perform(printer)
    } else {
      try refuse(["--events": command.events], "an event type")
      try await SeriesRun(command: command, around: around, desk: desk).perform(printer)
    }
  }

  private func refuse(_ options: [String: String?], _ what: String) throws(CtlError) {
    for (option, value) in options.sorted(by: { $0.key < $1.key }) where value != nil {
      throw .invalid(option, "has no meaning here: \(command.file) is \(what)")
    }
  }
}

extension CtlError {
  /// What went wrong at the desk.
  init(_ error: DeskError) {
    self.init(
      error.isTimeLimit ? .timeout : error.faults.isEmpty ? .failed : .invalidArgument, error.message,
      violations: error.faults.map { .init(field: $0.pointer.isEmpty ? "/" : $0.pointer, reason: $0.message) })
  }
}
