import ControlAPI
import SwiftProtobuf

extension Users {
  /// Pauses or resumes people, one after another.
  static func setPaused(_ isPaused: Bool, _ ids: [String], _ session: Session) async throws(CtlError) {
    var list = ListPrinter<Carillon_V1_User>(session.printer, isSingle: ids.count == 1)
    for id in ids {
      let name = try session.name(.users, id)
      let request = Carillon_V1_UpdateUserRequest.with {
        $0.user.name = name
        $0.user.paused = isPaused
        $0.updateMask.paths = ["paused"]
      }
      try list.add([
        try await session.client.call { try await session.client.users.updateUser(request, options: $0) }
      ])
    }
    list.finish()
  }
}
