import EventModel
import Store
import StoreSQL

/// Puts of users and schedules as they are made ready for one transaction, before it begins: while it runs, nobody else's
/// changes do.
struct BulkBatch: Sendable {
  /// Fewer changes go the common way.
  static let fewest = 16

  enum Step: Sendable {
    case refused(StoreError)
    case user(NewUser, Precondition, place: Int)
    case schedule(Schedule, Precondition, place: Int, owner: Int?)
  }

  let changes: [Change]
  private(set) var steps: [Step] = []
  private(set) var users = ImportKeys()
  private(set) var schedules = ImportKeys()

  /// The namespaces that are spoken of.
  var namespaces: Set<String> { Set(users.all.map(\.namespace)).union(schedules.all.map(\.namespace)) }

  /// Nil where the changes are too few, of another kind, or cannot be written down: the common way tells why.
  init?(_ changes: [Change]) {
    guard changes.count >= Self.fewest else { return nil }
    self.changes = changes
    steps.reserveCapacity(changes.count)
    for change in changes {
      switch change {
      case .putUser(let draft, let precondition):
        guard let user = try? NewUser(draft, keepsPause: false) else { return nil }
        add(user, precondition)
      case .importUser(let draft, let precondition):
        guard let user = try? NewUser(draft, keepsPause: true) else { return nil }
        add(user, precondition)
      case .putSchedule(let draft, let precondition): add(draft, precondition)
      default: return nil
      }
    }
  }

  private mutating func add(_ user: NewUser, _ precondition: Precondition) {
    do throws(ModelError) {
      try user.draft.check()
      steps.append(.user(user, precondition, place: users.place(user.draft.namespace, user.draft.id)))
    } catch {
      steps.append(.refused(StoreError(error)))
    }
  }

  private mutating func add(_ draft: Schedule, _ precondition: Precondition) {
    do throws(ModelError) {
      try draft.check()
      let owner = draft.userID.map { users.place(draft.namespace, $0) }
      let place = schedules.place(draft.namespace, draft.id)
      steps.append(.schedule(draft, precondition, place: place, owner: owner))
    } catch {
      steps.append(.refused(StoreError(error)))
    }
  }
}
