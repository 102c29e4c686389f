/// What files do with a kind of resource.
struct KindActions: Sendable {
  /// What others refer to comes first.
  static let order: [ResourceKind] = [.queues, .sinks, .users, .subscriptions, .templates, .schedules]
  /// Resources of a kind that a prune looks through.
  static let maxListed = 100_000

  var apply: @Sendable (ApplyDocument, Client, _ isDryRun: Bool) async throws(CtlError) -> ChangeEffect
  var difference: @Sendable (ApplyDocument, Client) async throws(CtlError) -> DocumentDifference
  var delete: @Sendable (Client, _ name: String) async throws(CtlError) -> Void
  var exists: @Sendable (Client, _ name: String) async throws(CtlError) -> Bool
  /// The full names of all of a namespace.
  var names: @Sendable (Client, _ namespace: String) async throws(CtlError) -> [String]

  private init<N: ApplicableNoun & DeletableNoun>(_ noun: N.Type) {
    apply = { document, client, isDryRun throws(CtlError) in
      try await N.apply(document, client, isDryRun: isDryRun)
    }
    difference = { document, client throws(CtlError) in try await N.difference(document, client) }
    delete = { client, name throws(CtlError) in try await N.delete(client, name: name, etag: "") }
    exists = { client, name throws(CtlError) in try await N.find(client, name) != nil }
    names = { client, namespace throws(CtlError) in
      var names: [String] = []
      let parent = N.kind.parent(namespace: namespace)
      try await Paging.each(
        limit: Self.maxListed,
        fetch: { size, token throws(CtlError) in
          try await N.page(client, .init(parent: parent, size: size, token: token))
        }, body: { names += $0.map(\.name) })
      return names
    }
  }

  static func of(_ kind: ResourceKind) throws(CtlError) -> KindActions {
    switch kind {
    case .queues: KindActions(Queues.self)
    case .sinks: KindActions(Sinks.self)
    case .users: KindActions(Users.self)
    case .subscriptions: KindActions(Subscriptions.self)
    case .schedules: KindActions(Schedules.self)
    case .templates: KindActions(Templates.self)
    case .events, .deadLetters, .plugins, .agents, .tokens, .grants, .denials:
      throw CtlError(.unsupported, "a \(kind.singular) cannot be applied")
    }
  }
}
