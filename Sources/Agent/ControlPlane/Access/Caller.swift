import ControlAPI
import EventModel

/// Something that a caller may do: a role, in one namespace or in every one (nil).
struct Right: Hashable, Sendable {
  var role: Role
  var namespace: String?
}

/// Who makes a call, and what it may do.
struct Caller: Hashable, Sendable {
  /// `spiffe://…`, `dns:…`, `token:ID`, `unix:UID`, `loopback`.
  var identity: String
  var rights: [Right]
  /// When its certificate or token runs out, whichever is first; nil: never.
  var expires: Timestamp?
  /// The certificate that it came with, whatever it is known by.
  var certificate: PeerCertificate?

  /// The widest thing that it may do: what holds in every namespace goes before what holds in one.
  var widest: Right? {
    rights.max { a, b in
      (a.namespace == nil ? 1 : 0, a.role) < (b.namespace == nil ? 1 : 0, b.role)
    }
  }
}

/// Who may call a method: the proto's word, and the services that others define.
enum MethodRule: Hashable, Sendable {
  /// Whoever the transport lets in, known or not.
  case everybody
  /// Callers of this role.
  case callers(Role, Reach)

  /// What a method reaches; see `authorization.proto`.
  enum Reach: Hashable, Sendable {
    case namespace
    case fleet
    case shared
  }

  /// The rule of a method, by full name; nil when none is declared: then nobody may.
  static func of(_ method: String) -> MethodRule? {
    // Balancers ask before they know anything. Watching takes one of the places for watches, and so is for the known.
    if ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/List"].contains(method) { return .everybody }
    return MethodAccess.all[method].flatMap { MethodRule($0) }
  }

  /// Nil for what says nothing, or what this agent does not know.
  private init?(_ access: MethodAccess) {
    let role: Role
    switch access.role {
    case .viewer: role = .viewer
    case .operator: role = .operator
    case .admin: role = .admin
    case .unspecified, .UNRECOGNIZED: return nil
    }
    switch access.scope {
    case .namespace: self = .callers(role, .namespace)
    case .fleet: self = .callers(role, .fleet)
    case .shared: self = .callers(role, .shared)
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}
