import Certificates
import EventModel
import Glibc

/// The flags and what stands for those that are not given.
struct InitRequest {
  let command: AgentCommand.Initialise

  func plan() throws(SetupError) -> Installation {
    let name = command.name ?? Configuration.identity(HostName.own())
    do throws(ModelError) { try Names.checkID(name, field: "--name") } catch { throw SetupError("\(error)") }
    let (directory, tls) = (try self.directory(), try self.tls())
    let own = HostName.own()
    let plan = Installation(
      directory: directory, name: name, admin: command.admin ?? Self.caller(), hosts: try hosts(tls, own: own),
      tls: tls,
      reachedAt: command.host.first ?? Self.concrete(tls) ?? own)
    guard plan.adminIdentity != nil else {
      throw SetupError("--admin: must be of letters, digits, -, _ and ., not \"\(plan.admin)\"")
    }
    guard plan.socket.utf8.count <= 107 else {
      throw SetupError("--directory: \(plan.socket) is too long for a Unix socket, which has at most 107 bytes")
    }
    return plan
  }

  private func directory() throws(SetupError) -> String {
    if let given = command.directory {
      guard !given.isEmpty, !given.utf8.contains(0) else { throw SetupError("--directory: must be a path") }
      return FileFacts.absolute(given)
    }
    if geteuid() == 0 { return Installation.systemDirectory }
    if let data = Surroundings.value(of: "XDG_DATA_HOME"), data.hasPrefix("/") { return "\(data)/carillon" }
    guard let home = Surroundings.value(of: "HOME"), home.hasPrefix("/") else {
      throw SetupError("--directory must be given: HOME is not set")
    }
    return "\(home)/.local/share/carillon"
  }

  private func tls() throws(SetupError) -> ListenAddress? {
    guard let text = command.tls else { return nil }
    guard let address = SettingValues.address(text), address.port != 0 else {
      throw SetupError("--tls: must be an address and a port, such as 0.0.0.0:7443, not \"\(text)\"")
    }
    return address
  }

  /// Those that were given, the one that it listens on, this machine's name, and this machine as it calls itself.
  private func hosts(_ tls: ListenAddress?, own: String) throws(SetupError) -> [SubjectName] {
    var hosts: [SubjectName] = []
    for host in command.host {
      guard let name = SubjectName(host: host) else {
        throw SetupError("--host: must be a name or an address, not \"\(host)\"")
      }
      hosts.append(name)
    }
    let others = [Self.concrete(tls), own, "localhost", "127.0.0.1", "::1"].compactMap { $0 }
    for name in others.compactMap({ SubjectName(host: $0) }) where !hosts.contains(name) { hosts.append(name) }
    return hosts
  }

  /// The address that it listens on, unless that is every one of the machine.
  private static func concrete(_ address: ListenAddress?) -> String? {
    address.flatMap { ["0.0.0.0", "::"].contains($0.host) ? nil : $0.host }
  }

  /// Who runs this, also behind sudo.
  private static func caller() -> String {
    for name in ["SUDO_USER", "USER", "LOGNAME"] {
      if let value = Surroundings.value(of: name), SubjectName(identity: "spiffe://x/\(value)") != nil { return value }
    }
    return "admin"
  }
}
