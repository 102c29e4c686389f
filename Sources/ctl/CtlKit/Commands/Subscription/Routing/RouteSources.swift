import ControlAPI

/// Where what an event depends on is looked up: an agent, or a file.
protocol RouteSource {
  func subscriptions() async throws(CtlError) -> [Carillon_V1_Subscription]
  /// By id; nil: nothing is known of it.
  func sink(_ id: String) async throws(CtlError) -> Carillon_V1_Sink?
  func queue(_ id: String) async throws(CtlError) -> Carillon_V1_Queue?
  /// By full name.
  func user(_ name: String) async throws(CtlError) -> Carillon_V1_User?
  func schedule(_ id: String) async throws(CtlError) -> Carillon_V1_Schedule?
  /// Whether it knows all that there is, so that what it does not know is not there.
  var isWhole: Bool { get }
}

/// What an agent has.
struct LiveRoutes: RouteSource {
  /// Subscriptions of one namespace that are looked at.
  static let maxSubscriptions = 100_000

  let session: Session
  let isWhole = true

  func subscriptions() async throws(CtlError) -> [Carillon_V1_Subscription] {
    var found: [Carillon_V1_Subscription] = []
    let parent = session.parent(.subscriptions)
    try await Paging.each(
      limit: Self.maxSubscriptions,
      fetch: { size, token throws(CtlError) in
        try await Subscriptions.page(session.client, .init(parent: parent, size: size, token: token))
      }, body: { found += $0 })
    return found
  }

  func sink(_ id: String) async throws(CtlError) -> Carillon_V1_Sink? {
    try await Sinks.find(session.client, try session.name(.sinks, id))
  }

  func queue(_ id: String) async throws(CtlError) -> Carillon_V1_Queue? {
    try await Queues.find(session.client, try session.name(.queues, id))
  }

  func user(_ name: String) async throws(CtlError) -> Carillon_V1_User? {
    try await Users.find(session.client, name)
  }

  func schedule(_ id: String) async throws(CtlError) -> Carillon_V1_Schedule? {
    try await Schedules.find(session.client, try session.name(.schedules, id))
  }
}

/// What files for `ctl apply` describe.
struct FileRoutes: RouteSource {
  private var found: [String: any Sendable] = [:]
  private let namespace: String
  let isWhole = false

  init(_ documents: [ApplyDocument], namespace: String) throws(CtlError) {
    self.namespace = namespace
    for document in documents where !document.kind.isNamespaced || document.namespace == namespace {
      found[document.name] = try Self.resource(document)
    }
  }

  private static func resource(_ document: ApplyDocument) throws(CtlError) -> (any Sendable)? {
    switch document.kind {
    case .subscriptions: try named(Subscriptions.self, document)
    case .sinks: try named(Sinks.self, document)
    case .queues: try named(Queues.self, document)
    case .users: try named(Users.self, document)
    case .schedules: try named(Schedules.self, document)
    default: nil
    }
  }

  private static func named<N: ApplicableNoun>(_ noun: N.Type, _ document: ApplyDocument) throws(CtlError) -> N.Resource
  {
    var resource = try N.decode(document)
    N.setIdentity(&resource, name: document.name, etag: "")
    return resource
  }

  func subscriptions() -> [Carillon_V1_Subscription] { found.values.compactMap { $0 as? Carillon_V1_Subscription } }

  func sink(_ id: String) throws(CtlError) -> Carillon_V1_Sink? { try of(.sinks, id) }
  func queue(_ id: String) throws(CtlError) -> Carillon_V1_Queue? { try of(.queues, id) }
  func user(_ name: String) throws(CtlError) -> Carillon_V1_User? { try of(.users, name) }
  func schedule(_ id: String) throws(CtlError) -> Carillon_V1_Schedule? { try of(.schedules, id) }

  private func of<Resource>(_ kind: ResourceKind, _ id: String) throws(CtlError) -> Resource? {
    found[try kind.name(id, namespace: namespace)] as? Resource
  }
}
