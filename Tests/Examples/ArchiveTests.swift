import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("archive, in C: what is delivered is on disk, once")
struct ArchiveTests {
  @Test("Thousands of deliveries are read back as they were, by its reader and by Google's protobuf")
  func readBack() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      let deliveries = (1...3_000).map { (id: UInt64) in
        Sample.delivery(
          id, text: "Line \"one\"\nline \\ two \u{0} \u{1F514} \(String(repeating: "x", count: Int(id % 900)))",
          html: id % 7 == 0 ? "<p>hé</p>" : "", data: id % 3 == 0 ? "{\"age\":\(id)}" : "")
      }
      try await Host.withSink("archive", archive.configuration(["max_bytes": 20_000])) { sink in
        var results: [DeliveryResult] = []
        for start in stride(from: 0, to: 3_000, by: 250) {
          results += await sink.results(of: Array(deliveries[start..<start + 250]))
        }
        #expect(results.allSatisfy { $0.verdict == .delivered && $0.code == "archived" }, "\(results[0])")
        #expect(Set(results.map(\.externalID)).count == 3_000)
      }
      let files = try archive.files()
      let sizes = try files.map { try FileManager.default.attributesOfItem(atPath: $0)[.size] as? Int ?? 0 }
      #expect(files.count > 2 && sizes.allSatisfy { $0 > 0 && $0 <= 20_000 }, "\(sizes)")
      let (records, finished) = try await archive.read()
      #expect(finished.status == 0 && finished.errors.isEmpty)
      let python = try await Python.run(
        "read_archive.py", [Sources.examples.appendingPathComponent("archive/archive.proto").path] + files)
      try #require(python.status == 0, "\(python.errors)")
      #expect(try Archive.records(python) == records)
      for (record, delivery) in zip(records, deliveries) { Self.compare(record, delivery) }
      #expect(records.count == 3_000)
    }
  }

  private static func compare(_ record: NSDictionary, _ delivery: Delivery) {
    let expected: [String: NSObject] = [
      "idempotency_key": delivery.idempotencyKey as NSString, "event_id": delivery.event.id as NSString,
      "namespace": "default" as NSString, "type": "birthday" as NSString,
      "schedule": delivery.event.scheduleID as NSString, "occurrence_key": "2031" as NSString,
      "endpoint": delivery.endpoint as NSString, "due_ns": 1_935_649_800_000_000_000 as NSNumber,
      "late_ns": 3_000_000_000 as NSNumber, "first_attempt_ns": 1_935_649_801_000_000_000 as NSNumber,
      "attempt": 2 as NSNumber, "test": false as NSNumber, "local": "2031-05-04T09:30:00" as NSString,
      "fold": 1 as NSNumber, "time_zone": "Europe/London" as NSString, "title": delivery.message.title as NSString,
      "text": delivery.message.text as NSString, "html": delivery.message.html as NSString,
      "content_type": delivery.message.contentType as NSString, "data": delivery.message.data as NSString,
    ]
    for (name, value) in expected where record[name] as? NSObject != value {
      Issue.record("\(name) of \(delivery.idempotencyKey): \(String(describing: record[name])), not \(value)")
    }
  }

  @Test("A delivery that comes again is answered, and not written again: in a batch, later, and after a restart")
  func twice() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      try await Host.withSink("archive", archive.configuration()) { sink in
        let first = await sink.results(of: [
          Sample.delivery(1, key: "a"), Sample.delivery(2, key: "a"), Sample.delivery(3, key: "b"),
        ])
        #expect(first.map(\.code) == ["archived", "archived-before", "archived"])
        let second = await sink.results(of: [Sample.delivery(4, key: "b")])
        #expect(second.map(\.verdict) == [.delivered] && second[0].code == "archived-before")
        try await sink.deactivate()
        try await sink.activate()
        let third = await sink.results(of: [Sample.delivery(5, key: "a"), Sample.delivery(6, key: "c")])
        #expect(third.map(\.code) == ["archived-before", "archived"])
        #expect(third[1].externalID.hasSuffix("#3"))
      }
      #expect(try await archive.keys() == ["a", "b", "c"] && (try archive.files()).count == 1)
    }
  }

  @Test("Files are begun anew by age, and only as many are kept as is wanted")
  func rotation() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      let configuration = try archive.configuration(["max_age_seconds": 3_600, "keep_files": 3])
      for turn in 1...5 {
        try await Host.withSink("archive", configuration) { sink in
          for batch in 1...2 {
            let id = UInt64(turn * 10 + batch)
            #expect(await sink.results(of: [Sample.delivery(id)]).map(\.verdict) == [.delivered])
          }
        }
        // The newest file, as if it were of yesterday.
        let newest = try #require(try archive.files().last)
        let number = try #require(newest.split(separator: "-").dropLast().last)
        let old = archive.folder.appendingPathComponent("archive-\(number)-20260101T000000Z.pb.gz")
        try FileManager.default.moveItem(atPath: newest, toPath: old.path)
      }
      try Data("mine".utf8).write(to: archive.folder.appendingPathComponent("archive-note.txt"))
      #expect(try archive.files().filter { $0.hasSuffix(".gz") }.count == 3)
      let keys = try await Command.run(
        try await Examples.built().archiveCat, archive.files().filter { $0.hasSuffix(".gz") })
      #expect(
        try Archive.records(keys).compactMap { $0["idempotency_key"] as? String }
          == ["key-31", "key-32", "key-41", "key-42", "key-51", "key-52"])
    }
  }

  @Test("Two instances may have one folder: each has a file of its own, and nothing is lost")
  func together() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      let configuration = try archive.configuration(["max_bytes": 8_192])
      try await Host.withSink("archive", configuration) { first in
        try await Host.withSink("archive", configuration) { second in
          await withTaskGroup(of: Bool.self) { group in
            for (place, sink) in [first, second].enumerated() {
              group.addTask {
                var isFine = true
                for batch in 0..<100 {
                  let ids = (0..<10).map { UInt64(place * 1_000 + batch * 10 + $0) }
                  let results = await sink.results(of: ids.map { Sample.delivery($0) })
                  isFine = isFine && results.allSatisfy { $0.code == "archived" }
                }
                return isFine
              }
            }
            for await isFine in group { #expect(isFine) }
          }
        }
      }
      #expect(try await archive.keys().sorted() == (0..<2_000).map { "key-\($0)" }.sorted())
    }
  }

  @Test(
    "A configuration that cannot be is refused with the field",
    arguments: [
      (#"{"directory": "relative"}"#, "/directory"), (#"{"directory": "/x", "max_bytes": 100}"#, "/max_bytes"),
      (#"{"directory": "/x", "keep_files": -1}"#, "/keep_files"),
      (#"{"directory": "/x", "max_age_seconds": 0}"#, "/max_age_seconds"), ("{}", "/directory"),
      (#"{"directory": "/x\u0000y"}"#, "/directory"),
    ])
  func badConfiguration(configuration: String, pointer: String) async throws {
    let registry = try await Host.registry()
    let error = await #expect(throws: PluginHostError.self) {
      _ = try await registry.makeSink(plugin: "archive", name: "x", configurationJSON: configuration)
    }
    #expect(error?.violations.map(\.pointer) == [pointer], "\(String(describing: error))")
    await registry.stop()
  }

  @Test("A folder that cannot be made is said, and the host may try again later")
  func noFolder() async throws {
    try await TemporaryFolder.with { folder in
      let registry = try await Host.registry()
      let configuration = try Sample.json(["directory": folder.file("a/b")])
      let sink = try await registry.makeSink(plugin: "archive", name: "x", configurationJSON: configuration)
      let error = await #expect(throws: PluginHostError.self) { try await sink.activate() }
      #expect(error?.message.contains("a/b: No such file or directory") == true, "\(String(describing: error))")
      try FileManager.default.createDirectory(atPath: folder.file("a"), withIntermediateDirectories: false)
      try await sink.activate()
      #expect(await sink.results(of: [Sample.delivery(1)]).map(\.verdict) == [.delivered])
      await registry.stop()
    }
  }
}
