import EventModel
import Testing

@Suite struct IdentityTests {
  @Test(
    "an identity is read back from its text",
    arguments: [
      (1, "2027-05-04"), (Int64.max, "k"), (1 << 32, "a.b c/d_e~f:+fold"), (7, "naïve-日本-🎂"),
      (987_654_321_012, String(repeating: "%", count: 200)), (42, "\u{1}\u{7f}"),
    ] as [(Int64, String)])
  func roundTrip(_ number: Int64, _ key: String) throws {
    let identity = EventIdentity(schedule: ScheduleNumber(rawValue: number), key: key)
    #expect(EventIdentity(text: identity.text) == identity)
    #expect(identity.text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 > 0x20 && $0 < 0x7f })
  }

  @Test("different identities have different texts")
  func injective() {
    let keys = ["a~", "a~7e", "a-7e", "a", "A", "~61", "a.", "a_"]
    let texts = keys.map { EventIdentity(schedule: ScheduleNumber(rawValue: 5), key: $0).text }
    #expect(Set(texts).count == keys.count)
  }

  @Test(
    "what is no identity is refused",
    arguments: [
      "", "evt_", "evt_1", "evt_1_", "evt__k", "evt_1_a.b", "evt_1_~", "evt_1_~4", "evt_1_~zz", "evt_1_~ff", "evt_u_k",
      "evt_zzzzzzzzzzzzz_k", "evt_00000000000001_k", "EVT_1_k", "evt_1_k ", "evt_\u{131}_k",
      "evt_1_" + String(repeating: "k", count: 700),
    ])
  func refused(_ text: String) {
    #expect(EventIdentity(text: text) == nil)
  }

  @Test("a shard is the same on every machine, and falls in its group")
  func shard() {
    let shard = Shard(timeZone: "Europe/Berlin", owner: "ada")
    #expect(shard.zoneGroup == "europe")
    #expect((0..<Int32(Shard.slotsPerGroup)).contains(shard.slot))
    #expect(shard == Shard(timeZone: "Europe/Paris", owner: "ada"))
    #expect(Shard(timeZone: "UTC", owner: "ada").zoneGroup == "etc")
    #expect(Shard(timeZone: "/x", owner: "ada").zoneGroup == "etc")
    let slots = Set((0..<500).map { Shard(timeZone: "UTC", owner: "u-\($0)").slot })
    #expect(slots.count == Shard.slotsPerGroup, "owners spread over all slots")
  }
}
