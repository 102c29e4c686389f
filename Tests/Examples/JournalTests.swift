import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("journal, in C++: entries with fields in the systemd journal")
struct JournalTests {
  private static func configuration(_ folder: TemporaryFolder, _ members: [String: Any] = [:]) throws -> String {
    try Sample.json(members.merging(["socket": folder.file("socket")]) { $1 })
  }

  @Test("An entry has the message and every fact as a field; a long one goes as a sealed file")
  func fields() async throws {
    try await TemporaryFolder.with { folder in
      let long = String(repeating: "Long, with lines.\n", count: 14_000)
      let journal = try await Journal(folder, 3)
      let configuration = try Self.configuration(
        folder, ["identifier": "birthdays", "priority": "warning", "fields": ["TEAM": "people, all", "STAGE": "test"]])
      try await Host.withSink("journal", configuration) { sink in
        let results = await sink.results(of: [
          Sample.delivery(1, data: "{\"age\":1}"), Sample.delivery(2, text: long), Sample.delivery(3, text: "Title 3"),
        ])
        #expect(results.allSatisfy { $0.verdict == .delivered && $0.code == "sent" }, "\(results)")
      }
      let entries = try await journal.finished()
      #expect(
        entries[0] == [
          "MESSAGE": "Title 1\nthere", "PRIORITY": "4", "SYSLOG_IDENTIFIER": "birthdays", "TEAM": "people, all",
          "STAGE": "test", "CARILLON_IDEMPOTENCY_KEY": "key-1", "CARILLON_EVENT_ID": "evt_1",
          "CARILLON_NAMESPACE": "default", "CARILLON_TYPE": "birthday", "CARILLON_SCHEDULE": "sch-1",
          "CARILLON_OCCURRENCE_KEY": "2031", "CARILLON_ENDPOINT": "ada@example.org",
          "CARILLON_LOCAL_TIME": "2031-05-04T09:30:00", "CARILLON_TIME_ZONE": "Europe/London",
          "CARILLON_DUE_SECONDS": "1935649800", "CARILLON_LATE_SECONDS": "3", "CARILLON_ATTEMPT": "2",
          "CARILLON_DATA": "{\"age\":1}", "by": "datagram",
        ])
      #expect(entries[1]["MESSAGE"] == "Title 2\n" + long && entries[1]["by"] == "file")
      #expect(entries[2]["MESSAGE"] == "Title 3")
    }
  }

  @Test("Without a journal deliveries are tried again; one that comes, or is started anew, is found")
  func restart() async throws {
    try await TemporaryFolder.with { folder in
      let lines = LogLines()
      try await Host.withSink("journal", Self.configuration(folder), lines: lines) { sink in
        #expect(lines.all.contains { $0.contains("no journal yet at") })
        let none = await sink.results(of: [Sample.delivery(1)])[0]
        #expect(none.verdict == .retry && none.code == "journal" && none.detail.contains("No such file"))
        for turn in UInt64(2)...3 {
          let journal = try await Journal(folder, 1)
          #expect(await sink.results(of: [Sample.delivery(turn)]).map(\.verdict) == [.delivered])
          #expect(try await journal.finished().map { $0["CARILLON_EVENT_ID"] } == ["evt_\(turn)"])
          // Its socket file is still there, but nobody listens.
          #expect(await sink.results(of: [Sample.delivery(9)]).map(\.verdict) == [.retry])
          try FileManager.default.removeItem(atPath: folder.file("socket"))
        }
      }
    }
  }

  @Test("A journal that reads nothing: what found room is delivered, the rest is tried again, nothing waits for long")
  func busy() async throws {
    try await TemporaryFolder.with { folder in
      let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      defer { close(socket) }
      try Self.bind(socket, to: folder.file("socket"))
      try await Host.withSink("journal", Self.configuration(folder)) { sink in
        let begin = ContinuousClock.now
        let results = await sink.results(of: (1...900).map { Sample.delivery($0) })
        #expect(ContinuousClock.now - begin < .seconds(15))
        let delivered = results.filter { $0.verdict == .delivered }.count
        #expect(delivered > 0 && delivered < 900)
        #expect(results.filter { $0.verdict == .retry && $0.code == "journal-busy" }.count == 900 - delivered)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var arrived = 0
        while recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT)) > 0 { arrived += 1 }
        #expect(arrived == delivered)
        #expect(await sink.results(of: [Sample.delivery(1_000)]).map(\.verdict) == [.delivered])
      }
    }
  }

  private static func bind(_ socket: Int32, to path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw Examples.Failure(description: String(cString: strerror(errno))) }
  }

  @Test(
    "A configuration that cannot be is refused with the field",
    arguments: [
      (#"{"priority": "loud"}"#, "/priority"), (#"{"socket": "x"}"#, "/socket"),
      (#"{"socket": "/run/a\u0000b"}"#, "/socket"),
      (#"{"fields": {"team": "x"}}"#, "/fields/team"), (#"{"fields": {"TEAM": ""}}"#, "/fields/TEAM"),
      (#"{"identifier": "a b"}"#, "/identifier"),
    ])
  func badConfiguration(configuration: String, pointer: String) async throws {
    let registry = try await Host.registry()
    let error = await #expect(throws: PluginHostError.self) {
      _ = try await registry.makeSink(plugin: "journal", name: "x", configurationJSON: configuration)
    }
    #expect(error?.violations.map(\.pointer) == [pointer], "\(String(describing: error))")
    await registry.stop()
  }
}
