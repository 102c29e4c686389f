import ArgumentParser

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
