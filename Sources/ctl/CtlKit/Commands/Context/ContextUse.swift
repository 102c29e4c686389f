import ArgumentParser

struct ContextUse: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Use a context from now on.", discussion: "Example:\n  ctl context use production")

  @OptionGroup var output: OutputOptions
  @Argument(help: "The context's name.") var name: String

  func perform(_ work: ContextWork) throws {
    try work.change { list throws(CtlError) in list.current = try list.named(name).name }
    try ContextReport.show(name, "used", work.printer)
  }
}

/// One line about what was done to a context.
enum ContextReport {
  static func show(_ name: String, _ effect: String, _ printer: Printer) throws(CtlError) {
    let json = JSONValue.object([
      ("kind", .string("context")), ("name", .string(name)), ("effect", .string(effect)),
    ])
    try printer.document(json, names: [name]) { ["context \(name) \(effect)"] }
  }
}
