import EventModel
import Store
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// The ending of a day's partitions' names.
enum BucketDayName {
  static func of(_ time: Timestamp) -> String { BucketDay(time)?.suffix ?? "" }
}

@Suite("A connection that is cut")
struct CutTests {
  /// The most pieces that a verb sends, for which a test goes on.
  private static let mostPieces = 150

  @Test("wherever a verb is cut, it is done once, and answers what is there", arguments: CutVerb.all)
  func everywhere(_ verb: CutVerb) async throws {
    try await FreshDatabase.with { database in
      let proxy = try database.proxy()
      try await CutWorld.with(database.url, through: try database.url(through: proxy), proxy) { world in
        var world = world
        var turn: Int64 = 0
        for piece in 1...Self.mostPieces {
          turn += 1
          world.cut = .piece(piece)
          try await verb.play(world, turn)
          if try await !proxy.hasCutSoon() { break }
        }
        #expect(!proxy.hasCut, "\(verb.name) sends more than \(Self.mostPieces) pieces")
        #expect(turn > 2)
        // What was sent as the last piece was COMMIT: here it is done, and its answer lost.
        world.cut = .after("COMMIT\0")
        try await verb.play(world, turn + 1)
        #expect(try await proxy.hasCutSoon())
        try await world.direct.audit()
      }
    }
  }

  private static let crashed = CutVerb.all.filter {
    ["open an agent", "claim", "record every outcome", "plan", "submit", "put a schedule"]
      .contains($0.name)
  }

  /// The server forgets what was not committed, and gives the numbers of those transactions to others.
  @Test("a server that crashes under COMMIT never makes an answer wrong")
  func crash() async throws {
    // So that the crash forgets: else the writer of the log may have stored it, and kept its number from others.
    let cluster = try await Cluster.start(["--set", "wal_writer_delay=10s", "--set", "fsync=off"])
    let crash: @Sendable () -> Void = {
      do {
        try cluster.restart("immediate")
        try cluster.superuser("DO $$ BEGIN FOR i IN 1..50 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
      } catch {
        Issue.record(error)
      }
    }
    for (index, verb) in Self.crashed.enumerated() {
      try cluster.superuser("CREATE DATABASE d\(index) OWNER carillon")
      let proxy = try CuttingProxy(to: try Cluster.port(cluster.primary))
      let url = cluster.primary.replacing(/\/carillon$/, with: "/d\(index)")
      try await CutWorld.with(url, through: try FreshDatabase.url(url, through: proxy), proxy) { world in
        var world = world
        world.hook = crash
        world.crashes = true
        for (turn, cut) in [CuttingProxy.Cut.before("COMMIT\0"), .after("COMMIT\0")].enumerated() {
          world.cut = cut
          try await verb.play(world, Int64(turn + 1))
          #expect(proxy.hasCut, "\(verb.name)")
        }
        try await world.direct.audit()
      }
    }
    try cluster.remove()
  }
}
