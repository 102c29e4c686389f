import SwiftProtobuf

/// How a resource would change if a document were applied.
struct DocumentDifference: Sendable, Equatable {
  struct Change: Sendable, Equatable {
    /// `configuration.url`
    var path: String
    /// As JSON; nil where there was nothing.
    var before: String?
    var after: String?
  }

  /// Fields that change by themselves.
  private static let ignored: Set<String> = ["etag", "updateTime", "createTime", "status", "nextDueTime"]

  var effect: ChangeEffect
  var changes: [Change]

  /// - Parameter before: nil when the resource does not exist.
  init(before: JSONValue?, after: JSONValue) {
    let old = before.map(Self.leaves) ?? [:]
    let new = Self.leaves(after)
    changes = Set(old.keys).union(new.keys).sorted().compactMap { path in
      old[path] == new[path] ? nil : Change(path: path, before: old[path], after: new[path])
    }
    effect = before == nil ? .created : changes.isEmpty ? .unchanged : .updated
  }

  /// The values of a document by their paths.
  private static func leaves(_ value: JSONValue) -> [String: String] {
    var found: [String: String] = [:]
    func walk(_ value: JSONValue, _ path: String) {
      guard case .object(let members) = value, !members.isEmpty else {
        found[path] = value.compact
        return
      }
      for (name, member) in members where !(path.isEmpty && ignored.contains(name)) {
        walk(member, path.isEmpty ? name : "\(path).\(name)")
      }
    }
    walk(value, "")
    return found
  }

  /// `+ path: new`, `- path: old`.
  func lines(_ paint: Paint) -> [String] {
    changes.flatMap { change -> [String] in
      let path = Printable.escaped(change.path)
      let old = change.before.map { paint("  - \(path): \($0)", .bad) }
      let new = change.after.map { paint("  + \(path): \($0)", .good) }
      return [old, new].compactMap { $0 }
    }
  }

  var json: JSONValue {
    .array(
      changes.map { change in
        var members: [(String, JSONValue)] = [("path", .string(change.path))]
        if let before = change.before { members.append(("before", Self.value(before))) }
        if let after = change.after { members.append(("after", Self.value(after))) }
        return .object(members)
      })
  }

  private static func value(_ text: String) -> JSONValue { (try? JSONValue(parsing: text.utf8)) ?? .string(text) }
}

extension ApplicableNoun {
  /// What applying the document would change, as the agent says.
  static func difference(_ document: ApplyDocument, _ client: Client) async throws(CtlError) -> DocumentDifference {
    var wanted = try decode(document)
    guard let current = try await find(client, document.name) else {
      let created = try await create(client, document, wanted, isDryRun: true)
      return DocumentDifference(before: nil, after: try Printer.json(comparable(created)))
    }
    let before = try Printer.json(comparable(current))
    guard !document.paths.isEmpty else { return DocumentDifference(before: before, after: before) }
    setIdentity(&wanted, name: document.name, etag: etag(current))
    let updated = try await update(client, wanted, mask: .with { $0.paths = document.paths }, isDryRun: true)
    return DocumentDifference(before: before, after: try Printer.json(comparable(updated)))
  }
}
