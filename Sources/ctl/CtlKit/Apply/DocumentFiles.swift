import ArgumentParser

/// The files of documents that apply, diff and delete take.
struct DocumentFiles: ParsableArguments {
  @Option(name: [.customShort("f"), .customLong("file")], help: "A file, or - for standard input; repeatable.")
  var files: [String]

  /// The documents of all files; what others refer to comes first. A fault in one refuses them all.
  func read(_ session: Session) throws(CtlError) -> [ApplyDocument] {
    var documents: [ApplyDocument] = []
    for path in files {
      let file = try InputFile(path, surroundings: session.around)
      let bytes = try file.readAll(maxBytes: YAMLReader.maxBytes)
      documents += try ApplyDocument.read(bytes, name: file.name, namespace: session.namespace)
    }
    return KindActions.order.flatMap { kind in documents.filter { $0.kind == kind } }
  }
}
