import ArgumentParser
import FoundationEssentials

/// `ctl man`
struct ManCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Write the manual pages, one for each command.",
    discussion: """
      Without a directory: the page of ctl itself, on standard output. The directory is made; pages in it are
      replaced.

      Examples:
        ctl man /usr/local/share/man/man1
        ctl man
      """)

  @Argument(help: "Where the pages go, such as /usr/local/share/man/man1.", completion: .directory)
  var directory: String?

  func run() throws {
    let around = Surroundings.current
    let root = try CommandInfo.ctl()
    guard let directory else {
      around.output.write(ManualPage(command: root).text)
      return around.output.flush()
    }
    let pages = root.all.map(ManualPage.init)
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for page in pages {
        try Data(page.text.utf8).write(to: URL(filePath: "\(directory)/\(page.file)"), options: .atomic)
      }
    } catch {
      throw CtlError(.failed, "the pages cannot be written to \(Excerpt.of(directory)): \(error)", cause: error)
    }
    around.output.line("\(pages.count) pages in \(Printable.escaped(directory))")
    around.output.flush()
  }
}
