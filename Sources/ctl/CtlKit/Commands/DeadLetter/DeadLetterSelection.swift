import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// Which dead letters a change is for.
struct DeadLetterSelection: ParsableArguments {
  /// Changed by one command at most: their names are kept in memory.
  static let maxAtOnce = 100_000

  @Argument(help: "Ids or full names.", completion: .names(of: .deadLetters)) var ids: [String] = []
  @Flag(help: "All that the filters choose.") var all = false
  @OptionGroup var filter: DeadLetterFilter

  func validate() throws {
    if ids.isEmpty, !all { throw ValidationError("which? Give ids, or --all with or without filters") }
    if !ids.isEmpty, all { throw ValidationError("--all excludes ids") }
    if !all, !filter.isEmpty { throw ValidationError("filters go with --all") }
  }

  /// The names of those that there are now: what dies while the command runs is none of its business.
  func names(_ session: Session) async throws(CtlError) -> [String] {
    guard all else {
      var names: [String] = []
      for id in ids {
        let name = try session.name(.deadLetters, id)
        if !names.contains(name) { names.append(name) }
      }
      return names
    }
    var request = try filter.request(session)
    request.diedBefore = .init(milliseconds: session.around.now() + 1)
    let filtered = request
    var names: [String] = []
    try await Paging.each(
      limit: Self.maxAtOnce,
      fetch: { size, token throws(CtlError) in
        var page = filtered
        page.pageSize = size
        page.pageToken = token
        return try await DeadLetters.page(session.client, page)
      }, body: { names += $0.map(\.name) })
    if names.count == Self.maxAtOnce {
      session.around.errors.line("only the newest \(names.count) are taken; say it again for the rest")
    }
    return names
  }
}
