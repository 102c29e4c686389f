import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

struct ShardList: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the shards with open buckets: their load, and which agents hold them.",
    discussion: """
      A shard is a zone group's slot, such as europe/07. Agents may prefer shards (agent.prefers); they are bound to \
      none. HELD BY counts the buckets that each agent has claimed; the others are claimed shortly before they are due.

      Examples:
        ctl shard list
        ctl shard list -o json
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @OptionGroup var length: ListLength

  func perform(_ session: Session) async throws {
    try await length.list(session) { size, token throws(CtlError) in
      let request = Carillon_V1_ListShardsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call {
        try await session.client.agents.listShards(request, options: $0)
      }
      return Page(items: answer.shards, next: answer.nextPageToken)
    }
  }
}
