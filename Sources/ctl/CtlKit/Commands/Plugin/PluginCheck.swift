import ArgumentParser
import Dispatch
import PluginTesting

/// `ctl plugin check`
struct PluginCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check whether a plugin keeps to the ABI; no agent is needed.",
    discussion: """
      Each case runs in a process of its own: a crash is a finding, and stops nothing else. Documents are made from the \
      manifest's schemas; where these do not lead to valid ones, give your own. In them @PORT@ is a port on 127.0.0.1 where \
      the check listens, and @FOLDER@ a folder of the case's own. Exit: 0 clean, 1 findings.

      Examples:
        ctl plugin check --list
        ctl plugin check ./libcarillon-pager.so --config pager.json
        ctl plugin check ./libcarillon-pager.so --seed 7 --case next-pure
        gdb --args ctl plugin check ./libcarillon-pager.so --seed 7 --case next-pure --foreground
      """)

  @Argument(help: "The plugin's file.") var file: String?
  @OptionGroup var options: CheckArguments

  func validate() throws { try options.validate(file: file) }

  func run() async throws {
    let around = Surroundings.current
    if options.list { return CheckPrinter.list(around.output, isJSON: options.json) }
    guard let file else { return }
    let check = try options.options(file: file, around)
    let printer = CheckPrinter(
      options: check, isJSON: options.json, repeated: options.repeated, sink: around.output)
    let failed: [String]
    if options.foreground {
      failed = try printer.foreground(options.cases[0])
    } else {
      // Waiting for children blocks, and Swift's own threads must not.
      failed = await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: printer.run()) }
      }
    }
    around.output.flush()
    guard failed.isEmpty else {
      throw CtlError(.failed, "the plugin breaks the contract: \(failed.joined(separator: ", "))")
    }
  }
}
