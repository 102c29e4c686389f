import ArgumentParser
import PluginFile

struct PluginInspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Say what a plugin's file is, without loading it or asking an agent.",
    discussion: """
      The manifest is what its author says. The digest is the file's own: what a configuration pins.
      Exit 1 when a file is a library but no plugin.

      Examples:
        ctl plugin inspect pager.so
        ctl plugin inspect pager.so --schemas
        ctl plugin inspect pager.so -o json
      """)

  @Argument(help: "The plugins' files, such as pager.so.", completion: .file(extensions: ["so"]))
  var files: [String]

  @Flag(help: "Show the manifest's schemas whole.") var schemas = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let around = Surroundings.current
    let printer = try output.printer(around)
    var found: [InspectedPlugin] = []
    var failures: [CtlError] = []
    for path in files {
      do throws(CtlError) {
        let plugin = try InspectedPlugin(path)
        found.append(plugin)
        if let fault = plugin.fault { failures.append(fault) }
      } catch {
        failures.append(error)
      }
    }
    try show(found, printer)
    if files.count == 1, let failure = failures.first { throw failure }
    try FanOut.end(failures, of: files.count, "files", printer.format, around)
    around.output.flush()
  }

  private func show(_ plugins: [InspectedPlugin], _ printer: Printer) throws(CtlError) {
    let documents = plugins.map(\.json)
    if printer.format == .jsonl {
      for document in documents { printer.sink.line(document.compact) }
      return
    }
    // Of one file the document itself, of several a list.
    let document = files.count == 1 ? documents.first : .array(documents)
    guard let document else { return }
    try printer.document(document, names: plugins.map(\.digest)) {
      Array(plugins.map { $0.lines(printer, schemas: schemas) }.joined(separator: [""]))
    }
  }
}
