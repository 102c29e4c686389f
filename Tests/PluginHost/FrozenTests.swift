import EventModel
import Foundation
import Testing

@testable import PluginHost

/// Plugins that were compiled once and are never compiled again; see Frozen/README.md.
#if arch(x86_64)
  @Suite("Frozen plugins: what was built for any version of the ABI loads and does the same")
  struct FrozenTests {
    private static let folder = Sources.tests.appendingPathComponent("Frozen/x86_64-linux-gnu")
    /// Every version that has plugins. It grows by one with a release, and never gets shorter.
    private static let versions = ["0.4"]

    private static let user = UserSnapshot(
      id: "ada", displayName: "Ada \"A\" L.", givenName: "Ada", familyName: "Lovelace", nickname: "", locale: "en-GB",
      timeZone: "Europe/London", datesJSON: #"{"birth":"1990-03-09"}"#, addressesJSON: #"{"email":"a@b.example"}"#,
      attributesJSON: #"{"team":"x"}"#, paused: false)
    private static let due = CivilFields(year: 2026, month: 3, day: 9, hour: 9, minute: 5, second: 7)

    private static func event(_ type: String) -> EventFacts {
      EventFacts(
        id: "evt_1_2026", namespace: "family", type: type, scheduleID: "ada-1", occurrenceKey: "2026-03-09",
        timeZone: "Europe/London", user: user, definitionJSON: "{}", local: due,
        due: Timestamp(seconds: 1_773_047_107))
    }

    private static func request(isStart: Bool) -> OccurrenceRequest {
      OccurrenceRequest(
        definitionJSON: "{}", user: user, timeZone: "Europe/London",
        after: OccurrenceCursor(
          isStart: isStart, civil: due, instant: Timestamp(seconds: 1_773_047_107), ordinal: isStart ? 0 : 4,
          key: isStart ? "" : "last"),
        maximum: 2)
    }

    /// A registry with a copy of one version's plugins.
    private static func withPlugins(_ version: String, _ body: (PluginRegistry, LogLines) async throws -> Void)
      async throws
    {
      let temporary = try TemporaryFolder()
      defer { temporary.remove() }
      let plugins = folder.appendingPathComponent(version)
      for name in try FileManager.default.contentsOfDirectory(atPath: plugins.path) {
        let copy = temporary.url.appendingPathComponent(name)
        try FileManager.default.copyItem(at: plugins.appendingPathComponent(name), to: copy)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
      }
      let lines = LogLines()
      let registry = try await Fixture.registry(temporary, lines: lines)
      #expect(registry.problems.isEmpty, "\(registry.problems)")
      #expect(registry.plugins.map(\.manifest.name).sorted() == ["frozen-day", "frozen-sink", "frozen-year"])
      try await body(registry, lines)
      await registry.stop()
    }

    @Test("None was removed, and none was built again")
    func unchanged() async throws {
      let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      #expect(there.filter { $0 != "SHA256SUMS" }.sorted() == Self.versions.sorted())
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
      process.currentDirectoryURL = Self.folder
      #expect(try await process.exitStatus() == 0)
      let sums = try String(contentsOf: Self.folder.appendingPathComponent("SHA256SUMS"), encoding: .utf8)
      for version in Self.versions {
        for name in ["event_type.so", "sink.so", "swift_event_type.so"] {
          #expect(sums.contains("  \(version)/\(name)\n"), "\(version)/\(name)")
        }
      }
    }

    @Test("The sink in C gets every field, and its result comes back whole", arguments: versions)
    func sink(version: String) async throws {
      try await Self.withPlugins(version) { registry, lines in
        let sink = try await registry.makeSink(
          plugin: "frozen-sink", name: "frozen/one", configurationJSON: #"{"word":"x"}"#)
        try await sink.activate()
        #expect(lines.all.contains("warning frozen and active instance=frozen/one plugin=frozen-sink"), "\(lines.all)")
        let message = Message(
          title: "Hello", text: "there", html: "<p>there</p>", contentType: "application/json", data: #"{"age":36}"#)
        let deliveries = (1...2).map { id in
          Delivery(
            id: UInt64(id), idempotencyKey: "evt_1_\(id)", endpoint: "https://a.example", carry: "c", attempt: 3,
            timeLimit: .seconds(30), firstAttemptAt: Timestamp(seconds: 1_773_047_200), lateness: .milliseconds(93_500),
            event: Self.event("birthday"), message: message)
        }
        let results = Results()
        sink.deliver(deliveries, completion: results.completion)
        let all = await results.wait(2).sorted { $0.id < $1.id }
        #expect(all == (1...2).map { Self.result($0) })
      }
    }

    /// What its manifest does not read is withheld: the locale among it.
    private static func result(_ id: Int) -> DeliveryResult {
      let detail =
        #"frozen/one|{"word":"x"}|attempt 3|first 1773047200000000000|late 93500000000|due 1773047107000000000|"#
        + "2026-03-09T09:05:07 fold 0|flags 0 0|evt_1_\(id)|https://a.example|c|evt_1_2026|family|birthday|ada-1|"
        + #"2026-03-09|Europe/London||{"id":"ada","time_zone":"Europe/London"}|{}|Hello|there|<p>there</p>|"#
        + #"application/json|{"age":36}"#
      return DeliveryResult(
        id: UInt64(id), verdict: .delivered, retryAfter: .milliseconds(2_500), code: "frozen-1", detail: detail,
        externalID: "evt_1_\(id)", carry: "carried")
    }

    @Test("The event type in C says when and what", arguments: versions)
    func eventType(version: String) async throws {
      try await Self.withPlugins(version) { registry, _ in
        let type = try #require(registry.eventType(named: "frozen-year"))
        let results = await type.next([Self.request(isStart: true), Self.request(isStart: false)])
        let place = "1773047107000000000:Europe/London"
        #expect(
          try Self.told(results[0]) == ["1 2026-03-09T09:05:07 2026::\(place)", "2 2027-03-09T09:05:07 2027::\(place)"])
        #expect(
          try Self.told(results[1]) == [
            "5 2027-03-09T09:05:07 2027:last:\(place)", "6 2028-03-09T09:05:07 2028:last:\(place)",
          ])
        let user =
          #"{"id":"ada","time_zone":"Europe/London","display_name":"Ada \"A\" L.","given_name":"Ada","#
          + #""family_name":"Lovelace","nickname":"","locale":"en-GB","dates":{"birth":"1990-03-09"}}"#
        let text =
          "frozen-year|flags 0|due 1773047107000000000|2026-03-09T09:05:07 fold 0|evt_1_2026|family|frozen-year|ada-1|"
          + "2026-03-09|Europe/London|en-GB|\(user)|{}|{}|"
        let messages = try await type.render([Self.event("frozen-year")]).map { try $0.get() }
        let message = Message(
          title: "2026-03-09", text: text, html: "<p>frozen</p>", contentType: "application/json",
          data: #"{"year":2026}"#)
        #expect(messages == [message])
        let error = await #expect(throws: PluginHostError.self) {
          try await type.validate(definitionJSON: #"{"word":1}"#)
        }
        #expect(
          error?.violations == [
            .init(pointer: "/word", code: "frozen", message: "must not be there"),
            .init(pointer: "", code: "frozen-too", message: "must be empty"),
          ])
      }
    }

    @Test("The event type in Swift says when and what", arguments: versions)
    func swiftEventType(version: String) async throws {
      try await Self.withPlugins(version) { registry, _ in
        let type = try #require(registry.eventType(named: "frozen-day"))
        let results = await type.next([Self.request(isStart: true), Self.request(isStart: false)])
        let place = "1773047107000000000:Europe/London"
        #expect(
          try Self.told(results[0]) == [
            "1 2026-03-09T12:30:00 2026-03-09::\(place)", "2 2026-03-10T12:30:00 2026-03-10::\(place)",
          ])
        #expect(
          try Self.told(results[1]) == [
            "5 2026-03-10T12:30:00 2026-03-10:last:\(place)", "6 2026-03-11T12:30:00 2026-03-11:last:\(place)",
          ])
        let user =
          #"{"id":"ada","time_zone":"Europe/London","display_name":"Ada \"A\" L.","given_name":"Ada","#
          + #""family_name":"Lovelace","nickname":""}"#
        let text =
          "frozen-day|evt_1_2026|family|frozen-day|ada-1|2026-03-09|Europe/London||\(user)|{}|{}||"
          + "2026-03-09T09:05:07|1773047107000000000|false"
        let messages = try await type.render([Self.event("frozen-day")]).map { try $0.get() }
        let message = Message(
          title: "2026-03-09", text: text, html: "<p>frozen</p>", contentType: "application/json", data: "{}")
        #expect(messages == [message])
        let error = await #expect(throws: PluginHostError.self) {
          try await type.validate(definitionJSON: #"{"word":1}"#)
        }
        #expect(error?.violations == [.init(pointer: "/word", code: "frozen", message: "must not be there")])
      }
    }

    /// Ordinal, local time and key of each occurrence.
    private static func told(_ result: Result<[Occurrence], PluginHostError>) throws -> [String] {
      try result.get().map { occurrence in
        guard case .civil(let local) = occurrence.when else { return "no local time" }
        let date = String(format: "%04d-%02d-%02d", Int(local.year), Int(local.month), Int(local.day))
        let time = String(format: "%02d:%02d:%02d", Int(local.hour), Int(local.minute), Int(local.second))
        return "\(occurrence.ordinal) \(date)T\(time) \(occurrence.key)"
      }
    }
  }
#endif
