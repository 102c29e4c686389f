import ArgumentParser
import Glibc

extension AgentCommand {
  struct Initialise: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "init", abstract: "Makes a configuration, a private authority, certificates and a context for ctl.",
      discussion: """
        What is there already is kept, and said so: running it again does no harm. With --tls, a file is made that an
        administrator on another machine takes with ctl context import.

        Examples:
          agent init --tls 0.0.0.0:7443 --host carillon.example.org
          agent init --directory /tmp/carillon
          agent init --renew
        """)

    @Option(help: "Where everything goes; default: /etc/carillon for root, else ~/.local/share/carillon.")
    var directory: String?

    @Option(help: "The agent's name; default: this machine's.")
    var name: String?

    @Option(help: "The administrator's name, in spiffe://carillon/admin/NAME; default: yours.")
    var admin: String?

    @Option(
      help: "A name or address that the agent is reached by. Repeatable; the first one goes to the administrator.")
    var host: [String] = []

    @Option(help: "Listen on HOST:PORT with mutual TLS, such as 0.0.0.0:7443.")
    var tls: String?

    @Option(help: "The user that the agent runs as, who then owns the files; root alone can say so.")
    var owner: String?

    @Flag(help: "New certificates for the server and the administrator, from the same authority, for the same keys.")
    var renew = false

    func run() throws {
      do throws(SetupError) {
        let plan = try InitRequest(command: self).plan()
        let installer = Installer(plan: plan, now: SystemClock.now(), owner: try FileOwner.named(owner)) {
          file, effect in
          print("\(effect.rawValue.padding(to: 8))\(file)")
        }
        guard !renew else { return try installer.renew(hosts: !host.isEmpty) }
        try installer.install()
        try InitEnding(plan: plan).tell()
      } catch {
        ConfigurationOptions.complain(error.description)
        throw ExitCode(EX_CANTCREAT)
      }
    }
  }
}

extension String {
  /// With blanks behind it.
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
