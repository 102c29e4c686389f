import ArgumentParser
import EventModel
import StoreMove

extension AgentCommand {
  struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes all of the store into one file, while agents run.",
      discussion: """
        The file must not exist; it appears when it is whole, and only its owner can read it: it holds people's data and
        messages.

        Example:
          agent backup --config /etc/carillon/agent.yaml /var/backups/carillon-2027-01-15
        """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    func run() async throws {
      let store = StoreAddress(try options.load().store)
      let progress = ProgressLine()
      let report = try await MovingFailure.told(progress) {
        try await StoreMove.backup(
          of: store, to: file, version: CarillonVersion.text, watch: { progress.show($0) })
      }
      print("\(file): \(report.rows) rows, \(report.events) events (\(report.open) open), \(report.bytes) bytes")
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts a backup into an empty store, and sends nothing again.",
      discussion: """
        What was to start between the backup and now may have been sent: it is closed as skipped, with the reason
        "restored", and series begin anew now. When the receivers are known to have lost what they got, --resend-since
        names the moment from which on it is sent again.

        Example:
          agent restore --config /etc/carillon/agent.yaml /var/backups/carillon-2027-01-15
        """)

    @OptionGroup var options: ConfigurationOptions

    @Option(
      name: .customLong("resend-since"),
      help: "Send what was due at this time or later (late) all the same, such as 2027-01-15T08:00:00Z.")
    var resendSince: MovingTime?

    @Argument(help: "The file to read.", completion: .file())
    var file: String

    func run() async throws {
      let store = StoreAddress(try options.load().store)
      let progress = ProgressLine()
      let report = try await MovingFailure.told(progress) {
        try await StoreMove.restore(
          from: file, into: store, resendSince: resendSince?.moment, watch: { progress.show($0) })
      }
      print(
        """
        restored \(report.rows) rows, \(report.events) events: \(report.skipped) that may have been sent are skipped, \
        \(report.series) series begin anew
        """)
    }
  }

  struct MigrateStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "migrate-store", abstract: "Takes all of a store to another, empty one.",
      discussion: """
        A store is sqlite:PATH or postgresql://user@host/database (a password belongs into ~/.pgpass or PGPASSWORD); the
        one that is not named is that of the configuration. No agent may run on either. Afterwards agents refuse the old
        store, so that nothing is sent from both.

        Example:
          agent migrate-store --from sqlite:/var/lib/carillon/carillon.db --to postgresql://carillon@db/carillon
        """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "The store to take.")
    var from: String?

    @Option(help: "The store to fill.")
    var to: String?

    @Flag(help: "Move nothing, and make the store of --from usable again after a move that did not end.")
    var cancel = false

    @Flag(help: "With --cancel: even when the move was completed; what the other store sent since is sent again.")
    var force = false

    func validate() throws {
      if force, !cancel { throw ValidationError("--force goes with --cancel") }
      if cancel, to != nil { throw ValidationError("--to does not go with --cancel") }
      if !cancel, from == nil, to == nil { throw ValidationError("--from, --to, or both must be given") }
    }

    func run() async throws {
      let configured = StoreAddress(try options.load().store)
      let (source, target) = try await MovingFailure.told {
        (
          try from.map { try StoreAddress(text: $0) } ?? configured,
          try to.map { try StoreAddress(text: $0) } ?? configured
        )
      }
      if cancel {
        try await MovingFailure.told { try await StoreMove.cancel(source, force: force) }
        return print("\(source.text): agents can use it")
      }
      let progress = ProgressLine()
      let report = try await MovingFailure.told(progress) {
        try await StoreMove.migrate(
          from: source, to: target, version: CarillonVersion.text, watch: { progress.show($0) })
      }
      print("\(target.text): \(report.rows) rows, \(report.events) events (\(report.open) open), checked row by row")
      print("\(source.text): agents refuse it from now on")
    }
  }
}
