import CPluginAPI
import PluginKit0
import Synchronization
import Testing

@Suite struct EventTypeTableTests {
  private func caller(_ name: String = #function) -> EventTypeCaller {
    let caller = EventTypeCaller()
    #expect(caller.create(name).0 == CARILLON_OK)
    return caller
  }

  @Test func theEntrySaysItsVersionAndInterfaces() {
    let plugin = CHost.plugin
    #expect(plugin.startStatus == CARILLON_OK)
    #expect(plugin.entry.abi_major == CARILLON_ABI_MAJOR)
    #expect(plugin.entry.struct_size == 48)
    #expect(String(cString: plugin.entry.manifest_json) == Probe.manifest)
    #expect(plugin.entry.interface("carillon.event-type/2") == nil)
    #expect(plugin.entry.interface(nil) == nil)
    #expect(plugin.events.thread_model == CARILLON_PARALLEL)
    #expect(plugin.sink.thread_model == CARILLON_SERIAL)
  }

  @Test func aSecondEntryIsTheFirst() {
    let first = CHost.plugin.entry.manifest_json
    let second = PluginEntry(manifest: "{}", eventType: ProbeEvents.self).table.pointee.manifest_json
    #expect(first == second)
  }

  @Test func startRefusesNoHostAndATruncatedOne() {
    let start = CHost.plugin.entry.start
    #expect(start?(nil, nil) == CARILLON_INVALID)
    var host = HostTables.shared.host.pointee
    host.struct_size = 16
    #expect(start?(&host, nil) == CARILLON_INVALID)
  }

  @Test func occurrencesReachTheRequestTheyBelongTo() {
    let caller = caller()
    let (status, _) = caller.next([#"{"keys":["a","b"]}"#, "{}", #"{"keys":["c"],"instants":true}"#])
    #expect(status == CARILLON_OK)
    #expect(
      caller.occurrences == [
        .init(request: 0, key: "a", kind: CARILLON_OCCURRENCE_CIVIL, ordinal: 1, instant: 0, day: 4),
        .init(request: 0, key: "b", kind: CARILLON_OCCURRENCE_CIVIL, ordinal: 2, instant: 0, day: 4),
        .init(request: 2, key: "c", kind: CARILLON_OCCURRENCE_INSTANT, ordinal: 1, instant: 77, day: 0),
      ])
  }

  @Test func noMoreThanMaxAreGivenEvenWhenThePluginGoesOn() {
    let caller = caller()
    #expect(caller.next([#"{"keys":["a","b","c"]}"#], max: 2).0 == CARILLON_OK)
    #expect(caller.occurrences.map(\.key) == ["a", "b"])
  }

  @Test func aFailedEmitEndsTheCallWithOK() {
    let caller = caller()
    caller.stopAfter = 1
    #expect(caller.next([#"{"keys":["a","b"]}"#, #"{"keys":["c"]}"#]).0 == CARILLON_OK)
    #expect(caller.occurrences.map(\.key) == ["a"])
  }

  @Test(arguments: [
    #"{"keys":[""]}"#, #"{"keys":["a b"]}"#, #"{"keys":["é"]}"#, #"{"keys":["a"],"ordinal":0}"#,
  ])
  func anOccurrenceAgainstTheContractFailsTheCall(definition: String) {
    let (status, contents) = caller().next([definition])
    #expect(status == CARILLON_FAILED)
    #expect(contents.message.contains("occurrence"))
  }

  @Test func anErrorOfThePluginReachesTheHost() {
    let (status, contents) = caller().next([#"{"fail":"no luck"}"#])
    #expect(status == CARILLON_FAILED)
    #expect(contents.status == CARILLON_FAILED)
    #expect(contents.message == "no luck")
  }

  @Test func violationsComeOneByOneWithTheirPointers() {
    let (status, contents) = caller().validate(#"{"faults":["a","b/0"]}"#)
    #expect(status == CARILLON_INVALID)
    #expect(contents.violations.map(\.pointer) == ["/a", "/b/0"])
    #expect(contents.message == "/a: is at fault; /b/0: is at fault")
    #expect(caller().validate("{}").0 == CARILLON_OK)
  }

  @Test func aDefinitionThatIsNotJSONIsInvalid() {
    let (status, contents) = caller().validate("{]")
    #expect(status == CARILLON_INVALID)
    #expect(contents.message.contains("at byte 1"))
  }

  @Test func aFailingCreateMakesNothing() {
    let caller = EventTypeCaller()
    let (status, contents) = caller.create("refused", #"{"refuse":"not you"}"#)
    #expect(status == CARILLON_DENIED)
    #expect(contents.message == "not you")
    #expect(caller.handle == nil)
  }

  /// What a careless host may get wrong: each an error of the call, none a crash.
  @Test func damagedRequestsAreRefused() {
    typealias Damage = (inout carillon_next_request, inout carillon_cursor) -> Void
    let arena = Arena()
    let damages: [(String, Damage)] = [
      ("request size", { request, _ in request.struct_size = 63 }),
      ("request size 0", { request, _ in request.struct_size = 0 }),
      ("cursor size", { _, cursor in cursor.struct_size = 8 }),
      ("no max", { request, _ in request.max = 0 }),
      ("length without bytes", { request, _ in request.user_json = carillon_str(ptr: nil, len: 3) }),
      ("not UTF-8", { request, _ in request.time_zone = arena.bytes([0xFF, 0xFE]) }),
      ("month 13", { _, cursor in cursor.civil.month = 13 }),
      ("30 February", { _, cursor in (cursor.civil.month, cursor.civil.day) = (2, 30) }),
      ("hour 24", { _, cursor in cursor.civil.hour = 24 }),
      ("year", { _, cursor in cursor.civil.year = .max }),
    ]
    for (name, damage) in damages {
      let caller = caller()
      let (status, contents) = caller.next([#"{"keys":["a"]}"#]) { damage(&$0, &$1) }
      #expect(status == CARILLON_INVALID, "\(name)")
      #expect(!contents.message.isEmpty, "\(name)")
      #expect(caller.occurrences.isEmpty, "\(name)")
    }
  }

  @Test func aLargerStructureOfANewerHostIsRead() {
    let caller = caller()
    #expect(caller.next([#"{"keys":["a"]}"#]) { request, _ in request.struct_size = 4096 }.0 == CARILLON_OK)
    #expect(caller.occurrences.count == 1)
  }

  @Test func nullHandlesAndNullArraysAreRefused() {
    let table = CHost.plugin.events
    #expect(table.validate(nil, carillon_str(), nil) == CARILLON_INVALID)
    #expect(table.next(nil, nil, 0, nil, nil, nil) == CARILLON_INVALID)
    let caller = caller()
    #expect(table.next(caller.handle, nil, 3, { _, _, _ in CARILLON_OK }, nil, nil) == CARILLON_INVALID)
    #expect(table.next(caller.handle, nil, -1, { _, _, _ in CARILLON_OK }, nil, nil) == CARILLON_INVALID)
    table.destroy(nil)
  }

  @Test func messagesAreRenderedForEachEvent() {
    let caller = caller()
    let arena = Arena()
    let (status, _) = caller.render([arena.keep(arena.event("e1")), arena.keep(arena.event("e2"))])
    #expect(status == CARILLON_OK)
    #expect(caller.messages[0]?.title == "e1 at 2026-05-04T09:00:00")
    #expect(caller.messages[1]?.text == #"{"id":"ada"}"#)
    #expect(caller.messages[1]?.data == #"{"key":"2026-05-04"}"#)
  }

  @Test func anEventThatFailsLeavesTheOthersOfItsBatch() {
    let caller = caller()
    let arena = Arena()
    let bad = arena.keep(arena.event("bad", definition: #"{"fail":"cannot say"}"#))
    #expect(caller.render([bad, arena.keep(arena.event("good"))]).0 == CARILLON_OK)
    #expect(caller.messages.keys.sorted() == [1])
    let (status, contents) = caller.render([bad])
    #expect(status == CARILLON_FAILED)
    #expect(contents.message == "cannot say")
  }

  @Test func aThousandInstancesLeaveNothingBehind() {
    let name = "leak"
    for _ in 0..<1000 {
      let caller = EventTypeCaller()
      #expect(caller.create(name).0 == CARILLON_OK)
    }
    let made = Probe.made.withLock { $0[name] }
    let ended = Probe.ended.withLock { $0[name] }
    #expect(made == 1000)
    #expect(ended == 1000)
  }
}
