import ArgumentParser

struct PluginNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Begin a plugin: a folder that builds, and does something already.",
    discussion: """
      The folder has a README.md that says how to build, check, run, install and debug it. It needs make, pkg-config and
      the headers of an installed Carillon.

      Examples:
        ctl plugin new --lang c --kind sink diary
        ctl plugin new --lang swift --kind event-type every-other-day --directory work
      """)

  @Option(help: "Language: c, cpp, rust or swift.") var lang: PluginLanguage
  @Option(help: "What it is: sink or event-type.") var kind: NewPluginKind
  @Option(help: "The folder to make, which must not exist (default: NAME).", completion: .directory)
  var directory: String?
  @OptionGroup var output: OutputOptions
  @Argument(help: "The plugin's name: 1 to 63 of a-z, 0-9 and -.") var name: String

  func run() throws {
    let around = Surroundings.current
    let printer = try output.printer(around)
    let name = try PluginName(name)
    let folder = directory ?? name.text
    let files = PluginTemplate(language: lang, kind: kind).files(for: name)
    try NewFolder.make(folder, files: files)
    let document = JSONValue.object([
      ("directory", .string(folder)), ("files", .array(files.map { .string($0.path) })),
    ])
    try printer.document(document, names: [folder]) {
      ["\(Printable.escaped(folder)): \(kind.title) in \(lang.title)"] + files.map { "  \($0.path)" } + [
        "", "It needs make, pkg-config and \(lang.tools). Next:", "  cd \(Printable.escaped(folder))",
        "  make          build it", "  make check    the checks that every plugin must pass",
        "  make run      what it does, without an agent", "  make install  into the agent's folder of plugins",
      ]
    }
    around.output.flush()
  }
}

extension PluginLanguage: ExpressibleByArgument {}
extension NewPluginKind: ExpressibleByArgument {}
