import ControlAPI
import SwiftProtobuf

extension Schedules {
  /// Pauses or resumes one, and prints it.
  static func change(_ session: Session, _ id: String, _ state: Carillon_V1_Schedule.State) async throws(CtlError) {
    var schedule = Carillon_V1_Schedule()
    schedule.name = try session.name(.schedules, id)
    schedule.state = state
    try session.printer.one(try await update(session, schedule, .with { $0.paths = ["state"] }))
  }
}
