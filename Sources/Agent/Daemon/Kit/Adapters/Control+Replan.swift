import ControlPlane
import EventModel
import Pipeline
import Store

extension PipelineControlAdapter {
  func previewReplan(
    namespace: String, filter: ReplanFilter, page: PageRequest
  ) async throws(StoreError) -> ReplanPreview {
    do throws(PipelineError) {
      let found = try await pipeline.previewReplan(namespace: namespace, filter: filter, page: page)
      return ReplanPreview(
        schedules: found.schedules, changes: found.changes.map(ReplanPreview.Change.init), next: found.next)
    } catch {
      throw Self.storeError(error)
    }
  }
}

extension ReplanPreview.Change {
  fileprivate init(_ change: ReplanChange) {
    self.init(
      scheduleID: change.scheduleID, userID: change.userID, eventType: change.eventType, timeZone: change.timeZone,
      key: change.key, oldDue: change.dueAt)
    switch change.what {
    case .moves(let dueAt, let queue): (newDue, self.queue) = (dueAt, queue)
    case .ends: break
    case .fails(let reason): problem = "it cannot be planned: \(reason)"
    case .more(let count): problem = "\(count) more of its occurrences would change"
    }
  }
}
