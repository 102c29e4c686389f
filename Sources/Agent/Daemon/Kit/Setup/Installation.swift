import Certificates

/// What `agent init` makes: names, addresses and the places of all files. Pure.
struct Installation: Sendable {
  /// The trust domain of the identities that it gives.
  static let trustDomain = "carillon"
  /// Where a package puts it.
  static let systemDirectory = "/etc/carillon"

  /// Absolute.
  var directory: String
  /// The agent's name, and that of the context.
  var name: String
  /// Who gets the administrator's certificate.
  var admin: String
  /// What the server is called and where it is reached: its certificate's names, besides its own identity.
  var hosts: [SubjectName]
  /// Where it listens over TLS; nil: nowhere.
  var tls: ListenAddress?
  /// The host that others reach it by.
  var reachedAt: String

  /// Under /etc everything has its usual place; elsewhere it is all in one folder.
  var isSystem: Bool { directory == Self.systemDirectory }
  var stateDirectory: String { isSystem ? "/var/lib/carillon" : "\(directory)/state" }
  var socket: String { isSystem ? "/run/carillon/agent.sock" : "\(directory)/agent.sock" }

  var configuration: String { "\(directory)/agent.yaml" }
  var keys: String { "\(directory)/tls" }
  var authority: Pair { Pair(folder: keys, name: "authority") }
  var server: Pair { Pair(folder: keys, name: "server") }
  var administrator: Pair { Pair(folder: keys, name: "admin-\(admin)") }
  var bundle: String { "\(directory)/context-\(admin).yaml" }

  var agentIdentity: SubjectName? { SubjectName(identity: "spiffe://\(Self.trustDomain)/agent/\(name)") }
  var adminIdentity: SubjectName? { SubjectName(identity: "spiffe://\(Self.trustDomain)/admin/\(admin)") }

  /// A certificate and its key.
  struct Pair: Hashable, Sendable {
    var folder: String
    var name: String
    var certificate: String { "\(folder)/\(name).crt" }
    var key: String { "\(folder)/\(name).key" }
  }

  /// Where others connect; nil without a listener.
  var address: String? {
    guard let tls else { return nil }
    return reachedAt.contains(":") ? "[\(reachedAt)]:\(tls.port)" : "\(reachedAt):\(tls.port)"
  }
}
