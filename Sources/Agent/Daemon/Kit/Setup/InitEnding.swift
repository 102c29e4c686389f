import Certificates

/// What is left to do when the files are there: the caller's own context, and what to type next.
struct InitEnding {
  let plan: Installation

  func tell() throws(SetupError) {
    try addContext()
    for hint in hints { print("note    \(hint)") }
    print("\nNext:")
    for command in commands { print("  \(command)") }
  }

  private func addContext() throws(SetupError) {
    guard let contexts = CallersContexts(Surroundings.value) else {
      return print("note    no context was made for ctl: neither XDG_CONFIG_HOME nor HOME is set")
    }
    do throws(FileError) {
      let isNew = try contexts.add(plan.name, socket: plan.socket)
      print("\(isNew ? "made    " : "kept    ")\(contexts.path) (context \(plan.name))")
    } catch {
      throw SetupError("\(contexts.path): \(error.message)")
    }
  }

  /// What stands in a configuration that was there may be something else than was asked for.
  private var hints: [String] {
    let loader = ConfigurationLoader(file: plan.configuration, flags: [])
    do throws(ConfigurationError) {
      let there = try loader.load()
      var hints: [String] = []
      if let tls = plan.tls, there.tls.listen != tls {
        hints.append("\(plan.configuration) was there and says otherwise: set listen.tls: \(tls.text) in it")
      }
      if let admin = plan.adminIdentity, !there.admins.contains(admin.text) {
        hints.append("\(admin.text) is not among access.admins of \(plan.configuration): add it, or grant it a role")
      }
      return hints
    } catch {
      return error.faults.map { "\(plan.configuration) was there and is not valid: \($0)" }
    }
  }

  private var commands: [String] {
    [
      "agent run --config \(plan.configuration)",
      "ctl doctor --context \(plan.name)",
      plan.tls == nil
        ? "agent init --help  # --tls HOST:PORT to be reached from other machines"
        : "ctl context import \(plan.bundle)  # on the administrator's machine",
    ]
  }
}
