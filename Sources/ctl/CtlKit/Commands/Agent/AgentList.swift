import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct AgentList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the agents of the store: who is live, and who holds what.",
    discussion: """
      A live agent's lease holds. A lost one crashed, hangs, or is cut off from the store: the others take its buckets. \
      One that left ended its lease itself.

      Examples:
        ctl agent list
        ctl agent list -o json
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListAgentsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call {
        try await session.client.agents.listAgents(request, options: $0)
      }
      return Page(items: answer.agents, next: answer.nextPageToken)
    }
  }
}

extension Carillon_V1_Agent: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("STATE"), .init("LEASE LEFT", isRight: true), .init("PREFERS"),
    .init("BUCKETS", isRight: true), .init("EVENTS", isRight: true), .init("STARTED"), .init("EPOCH", isRight: true),
    .init("VERSION"), .init("LEASE UNTIL", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), stateCell, .init(show.duration(leaseLeft, isSet: hasLeaseLeft)),
      .init(prefers.isEmpty ? "all" : prefers.joined(separator: ", ")), .init(String(ownedBuckets)),
      .init(String(ownedEvents)), .init(show.time(startTime, isSet: hasStartTime)), .init(String(epoch)),
      .init(show.text(version)), .init(show.time(leaseUntilTime, isSet: hasLeaseUntilTime)),
    ]
  }

  /// A lease runs down and is renewed all the time.
  var steady: Carillon_V1_Agent {
    var agent = self
    agent.clearLeaseLeft()
    agent.clearLeaseUntilTime()
    return agent
  }

  private var stateCell: Table.Cell {
    let style: Style? =
      switch state {
      case .live: .good
      case .lost: .bad
      default: nil
      }
    return state == .unspecified ? .init(ValueText.none) : .init(EnumText.label(state), style)
  }
}
