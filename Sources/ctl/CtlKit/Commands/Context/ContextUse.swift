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

struct ContextDelete: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Forget contexts. Certificates and keys stay where they are.",
    discussion: "Example:\n  ctl context delete staging")

  @OptionGroup var output: OutputOptions
  @Argument(help: "Names of contexts.") var names: [String]

  func perform(_ work: ContextWork) throws {
    try work.change { list throws(CtlError) in
      for name in names {
        let context = try list.named(name)
        list.contexts.removeAll { $0.name == context.name }
        if list.current == name { list.current = nil }
      }
    }
    for name in names { try ContextReport.show(name, "deleted", work.printer) }
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
