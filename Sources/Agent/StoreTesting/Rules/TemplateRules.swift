import EventModel
import Store

private func template(
  _ id: String, type: String = "birthday", locale: String = "", sink: String = "", text: String = "Hello"
) -> MessageTemplate {
  MessageTemplate(namespace: "default", id: id, eventType: type, locale: locale, sink: sink, title: "T", text: text)
}

extension Scene {
  /// Makes a sink; answers its number.
  func sink(_ name: String) async throws -> SinkNumber {
    try await commit(
      .putSink(Sink(namespace: "default", name: name, plugin: "webhook", configurationJSON: "{}"), .none))
    return try await store.sink(namespace: "default", name: name).number
  }

  /// The routing revision as an agent learns it.
  fileprivate func revision(_ lease: AgentLease) async throws -> Int64 {
    try await store.renew(lease, leaseFor: .seconds(10), now: now).routingRevision
  }
}

let templateRules: [ConformanceRule] = [
  ConformanceRule("a template is kept whole, listed by id, and counts its changes") { scene in
    _ = try await scene.sink("hook")
    var draft = template("b", locale: "pt-BR", sink: "hook", text: "Olá {{name}} 🎂")
    draft.html = "<b>{{name}}</b>"
    try expectEqual(try await scene.commit(.putTemplate(draft, .absent)).map(\.revision), [1], "revision")
    try await scene.commit(.putTemplate(template("a", type: "reminder"), .none))
    draft.revision = 1
    try expectEqual(try await scene.store.template(namespace: "default", id: "b"), draft, "the template")
    try expectEqual(try await scene.commit(.putTemplate(draft, .none)).map(\.effect), [.unchanged], "effect")
    draft.sink = ""
    try expectEqual(
      try await scene.commit(.putTemplate(draft, .revision(1))),
      [ChangeResult(effect: .updated, revision: 2)], "result of a change")
    try await expectRefusal(.conflict, "an old revision") {
      try await scene.commit(.putTemplate(draft, .revision(1)))
    }
    func listed(_ type: String?, size: Int = 10, token: String = "") async throws -> Page<MessageTemplate> {
      try await scene.store.templates(
        namespace: "default", eventType: type, page: PageRequest(size: size, token: token))
    }
    try expectEqual(try await listed(nil).items.map(\.id), ["a", "b"], "all")
    try expectEqual(try await listed("birthday").items.map(\.id), ["b"], "of one event type")
    let first = try await listed(nil, size: 1)
    try expectEqual(try await listed(nil, size: 1, token: first.next).items.map(\.id), ["b"], "second page")
    try expectEqual(Set(try await scene.store.allTemplates().map(\.id)), ["a", "b"], "for the pipeline")
    try await scene.commit(.deleteTemplate(namespace: "default", id: "b", .none))
    try await expectRefusal(.notFound, "a deleted one") {
      try await scene.store.template(namespace: "default", id: "b")
    }
    try await expectRefusal(.notFound, "deleting it again") {
      try await scene.commit(.deleteTemplate(namespace: "default", id: "b", .none))
    }
  },
  ConformanceRule("there is one template for an event type, locale and sink; case does not count in a locale") {
    scene in
    _ = try await scene.sink("hook")
    try await scene.commit(.putTemplate(template("a", locale: "pt-BR"), .none))
    for other in [template("b", locale: "pt-br"), template("b", locale: "PT-BR")] {
      try await expectRefusal(.alreadyExists, "the same in other letters") {
        try await scene.commit(.putTemplate(other, .none))
      }
    }
    for (index, other) in [
      template("", locale: "pt"), template(""), template("", locale: "pt-BR", sink: "hook"),
      template("", type: "reminder", locale: "pt-BR"),
    ].enumerated() {
      var other = other
      other.id = "o-\(index)"
      try expectEqual(try await scene.commit(.putTemplate(other, .none)).map(\.effect), [.created], "effect")
    }
    try await expectRefusal(.alreadyExists, "a change into another's place") {
      try await scene.commit(.putTemplate(template("o-0", locale: "pt-BR"), .none))
    }
    var elsewhere = template("a", locale: "pt-BR")
    elsewhere.namespace = "staging"
    try expectEqual(try await scene.commit(.putTemplate(elsewhere, .none)).map(\.effect), [.created], "elsewhere")
  },
  ConformanceRule("a template's sink must be there, and cannot be deleted while it is named") { scene in
    try await expectRefusal(.invalid, field: "sink", "an unknown sink") {
      try await scene.commit(.putTemplate(template("a", sink: "hook"), .none))
    }
    _ = try await scene.sink("hook")
    try await scene.commit(.putTemplate(template("a", sink: "hook"), .none))
    let delete = Change.deleteSink(namespace: "default", name: "hook", .none)
    try await expectRefusal(.failedPrecondition, "deleting its sink") { try await scene.commit(delete) }
    try await scene.commit(.deleteTemplate(namespace: "default", id: "a", .none))
    try expectEqual(try await scene.commit(delete).map(\.effect), [.deleted], "effect afterwards")
    try await expectRefusal(.invalid, field: "text", "a template that says nothing") {
      var empty = template("e", text: "")
      empty.title = ""
      return try await scene.commit(.putTemplate(empty, .none))
    }
  },
  ConformanceRule("a namespace has so many templates and no more") { scene in
    let limit = MessageTemplate.maximumPerNamespace
    let drafts = (0..<limit).map { Change.putTemplate(template("t-\($0)", type: "e-\($0)"), .none) }
    _ = try await scene.store.commit(drafts, actor: .agent, dryRun: false, now: scene.now)
    try await expectRefusal(.invalid, field: "templates", "one more") {
      try await scene.commit(.putTemplate(template("more", type: "more"), .none))
    }
    try expectEqual(try await scene.store.allTemplates().count, limit, "templates")
  },
  ConformanceRule("agents learn of every change of a template, and no subscription changes by it") { scene in
    _ = try await scene.sink("hook")
    try await scene.commit(
      .putSubscription(Subscription(namespace: "default", id: "all", eventType: "*", sink: "hook"), .none))
    let lease = try await scene.agent()
    var seen = [try await scene.revision(lease)]
    let routes = try await scene.store.routing(revision: nil).routes
    let changes: [Change] = [
      .putTemplate(template("a"), .none), .putTemplate(template("a", text: "Hi"), .none),
      .deleteTemplate(namespace: "default", id: "a", .none),
    ]
    for change in changes {
      try await scene.commit(change)
      seen.append(try await scene.revision(lease))
    }
    try expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 }, "expected the revision to grow, found \(seen)")
    for revision in seen {
      try expectEqual(try await scene.store.routing(revision: revision).routes, routes, "routes at \(revision)")
    }
  },
]
