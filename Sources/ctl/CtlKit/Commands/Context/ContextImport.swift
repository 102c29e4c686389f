import ArgumentParser
import FoundationEssentials

struct ContextImport: ContextFileCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take contexts out of a file, such as the one that agent init wrote.",
    discussion: """
      Paths in it are relative to it. Certificates and keys that stand in it are put into files beside your contexts, which
      only you can read; with --copy those that it names, too. Then the file may go. A context that is there already is
      kept, unless --replace says otherwise.

      Example:
        ctl context import contexts.yaml --copy --use
      """)

  @OptionGroup var output: OutputOptions
  @Argument(help: "The file, or - for standard input.") var file: String
  @Flag(help: "Copy certificates, keys and tokens, too.") var copy = false
  @Flag(help: "Replace contexts of the same name.") var replace = false
  @Flag(help: "Use the first one from now on.") var use = false

  func perform(_ work: ContextWork) throws {
    let source = try InputFile(file, surroundings: work.around)
    var imported = try ContextReader.read(
      source.readAll(maxBytes: ContextFile.maxBytes), name: source.name, allowsContent: true)
    guard let first = imported.contexts.first else {
      throw CtlError(.invalidArgument, "\(source.name) has no contexts")
    }
    let folder = URL(fileURLWithPath: file == "-" ? "./-" : file).deletingLastPathComponent().path
    var existing = try work.file.read()
    for index in imported.contexts.indices {
      let name = imported.contexts[index].name
      guard replace || existing[name] == nil else {
        throw CtlError(.conflict, "there is a context \(name) already", hint: "replace it with --replace")
      }
      imported.contexts[index].resolvePaths(in: folder)
    }
    // Names were judged first: a file that cannot be taken whole copies nothing.
    for context in imported.contexts {
      existing.put(try kept(context, in: "\(work.file.folder)/\(context.name)"))
    }
    if use || existing.current == nil { existing.current = imported.current ?? first.name }
    try work.file.write(existing)
    for context in imported.contexts { try ContextReport.show(context.name, "imported", work.printer) }
  }

  /// A context as it is to be kept: what stood in the file itself, and with --copy all that it names, in files of its own.
  private func kept(_ context: ConnectionContext, in folder: String) throws(CtlError) -> ConnectionContext {
    var context = context
    func file(_ source: String?, _ name: String) throws(CtlError) -> String? {
      guard let source, copy || PEMFile.isText(source) else { return source }
      let text =
        PEMFile.isText(source)
        ? source : String(decoding: try InputFile(source).readAll(maxBytes: PEMFile.maxBytes), as: UTF8.self)
      try PrivateFolder.make(folder)
      let target = "\(folder)/\(name)"
      try PrivateFile.replace(target, with: text)
      return target
    }
    context.authority = try file(context.authority, "authority.pem")
    context.certificate = try file(context.certificate, "certificate.pem")
    context.key = try file(context.key, "key.pem")
    if case .file(let path) = context.token, let target = try file(path, "token") {
      context.token = .file(path: target)
    }
    return context
  }
}
