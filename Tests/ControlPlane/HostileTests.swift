import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import GRPCProtobuf
import Store
import SwiftProtobuf
import Testing

/// What no client of ours would send.
@Suite struct HostileTests {
  struct Raw: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
      bytes.withUnsafeBytes { Array($0) }
    }
  }

  /// SplitMix64: the same bytes in every run.
  struct Bits: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  static let methods: [MethodDescriptor] =
    (Carillon_V1_Users.Method.descriptors + Carillon_V1_Schedules.Method.descriptors
    + Carillon_V1_Events.Method.descriptors + Carillon_V1_Queues.Method.descriptors
    + Carillon_V1_Sinks.Method.descriptors + Carillon_V1_Subscriptions.Method.descriptors
    + Carillon_V1_Templates.Method.descriptors + Carillon_V1_DeadLetters.Method.descriptors
    + Carillon_V1_Plugins.Method.descriptors + Carillon_V1_Agents.Method.descriptors)
    .filter { !["WatchReceipts", "ImportUsers", "ExportUser"].contains($0.method) }

  static func seeds() throws -> [[UInt8]] {
    try [
      Sample.createUser("ada").serializedBytes(), Sample.createSchedule("s").serializedBytes(),
      Sample.createSink("hook").serializedBytes(), Sample.createEvent("k").serializedBytes(),
      Sample.createSubscription("s", sink: "hook").serializedBytes(),
      Carillon_V1_UpdateUserRequest.with {
        $0.user = Sample.user("ada")
        $0.updateMask = Sample.mask("dates.birth", "paused")
      }.serializedBytes(),
      Carillon_V1_GetUserRequest.with { $0.name = "namespaces/test/users/ada" }.serializedBytes(),
      Sample.createTemplate("t").serializedBytes(), Sample.preview("s").serializedBytes(),
      Sample.move("s", "day-1", to: "2026-05-03T09:00").serializedBytes(),
    ]
  }

  @Test func damagedBytesAreAnsweredAndTheServerGoesOn() async throws {
    try await withRig { rig in
      var bits = Bits(state: 7)
      let seeds = try Self.seeds()
      var codes: [RPCError.Code: Int] = [:]
      var answered = 0
      for round in 0..<600 {
        var bytes = seeds[round % seeds.count]
        for _ in 0..<Int.random(in: 0...6, using: &bits) where !bytes.isEmpty {
          bytes[Int.random(in: bytes.indices, using: &bits)] = UInt8.random(in: .min ... .max, using: &bits)
        }
        if Bool.random(using: &bits) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &bits)) }
        let method = Self.methods[Int.random(in: Self.methods.indices, using: &bits)]
        do {
          _ = try await rig.client.unary(
            request: ClientRequest(message: bytes), descriptor: method, serializer: Raw(), deserializer: Raw(),
            options: .defaults
          ) { try $0.message }
          answered += 1
        } catch let error as RPCError {
          codes[error.code, default: 0] += 1
          #expect(error.code != .internalError && error.code != .unknown, "\(method): \(error)")
        }
      }
      #expect(answered > 20 && answered + codes.values.reduce(0, +) == 600)
      #expect(codes[.invalidArgument, default: 0] > 100 && codes[.unimplemented] == nil, "\(codes)")
      _ = try await rig.users.createUser(Sample.createUser("sane"))
    }
  }

  @Test func aPageOfLargeThingsIsCutToWhatClientsTake() async throws {
    try await withRig { rig in
      let text = String(repeating: "x", count: 1_000)
      let attributes = Dictionary(uniqueKeysWithValues: (0..<64).map { ("key-\($0)", text) })
      let users = (0..<70).map { User(namespace: "test", id: "u\($0)", attributes: attributes) }
      _ = try await rig.store.commit(
        users.map { .putUser($0, .absent) }, actor: .agent, dryRun: false, now: rig.clock.now)
      var request = Carillon_V1_ListUsersRequest.with {
        $0.parent = Rig.parent
        $0.pageSize = 1_000
      }
      var seen: Set<String> = []
      var pages = 0
      repeat {
        let page = try await rig.users.listUsers(request)
        let bytes: [UInt8] = try page.serializedBytes()
        #expect(bytes.count < 4 * 1_024 * 1_024 && !page.users.isEmpty)
        seen.formUnion(page.users.map(\.name))
        pages += 1
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(seen.count == 70 && pages > 1)
    }
  }
}
