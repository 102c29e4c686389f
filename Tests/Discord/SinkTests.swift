import PluginKit0
import Testing

@testable import DiscordPlugin

/// The sink against an emulator that keeps Discord's documented rules.
@Suite("The discord sink")
struct SinkTests {
  @Test("a message stands in the channel, calls nobody, and its id is the receipt")
  func delivers() throws {
    try Stage.with(1, #", "username": "Carillon""#) { stage in
      let words = Message(title: "Hello", text: "@everyone *World* <@1>")
      try stage.deliver([Sample.delivery(7, words)])
      #expect(stage.host.results[7] == DeliveryResult(.delivered, code: "http-200", receipt: "9001"))
      let taken = try stage.emulator.taken()
      #expect(taken.map(\.message.content) == ["**Hello**\n\\@everyone \\*World\\* \\<\\@1\\>"])
      #expect(taken.first?.message.username == "Carillon")
      #expect(taken.first?.message.allowedMentions.parse == [])
    }
  }

  @Test("everything that events may say is taken by the emulator, within its sizes", arguments: ["text", "embed"])
  func sizes(_ style: String) throws {
    var random = SeededRandom(state: 5)
    let pieces = [
      "a", "😀", "👩‍👩‍👧‍👦", "é", "العربية ", "\\", "*", "\n", "<@1>", "@here ", "https://x.example/a_b ", "#", "1. ", "\u{0}",
    ]
    func text(_ count: Int) -> String { (0..<count).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined() }
    let messages = (0..<48).map { index in
      Message(
        title: index.isMultiple(of: 3) ? "" : text([5, 300][index % 2]),
        text: "x" + text([0, 10, 900, 6_000][index % 4]))
    }
    try Stage.with(1, #", "style": "\#(style)", "color": 255"#, rates: Stage.unlimited) { stage in
      try stage.emulator.set(1, #""limit": [1000, 1], "channel_limit": [1000, 1]"#)
      try stage.deliver(messages.enumerated().map { Sample.delivery(UInt64($0 + 1), $1) })
      #expect(stage.host.results.values.allSatisfy { $0.outcome == .delivered }, "\(stage.host.results)")
      let taken = try stage.emulator.taken()
      #expect(taken.reduce(0) { $0 + max($1.message.embeds?.count ?? 0, 1) } == messages.count)
      #expect(style == "text" ? taken.count == 48 : taken.count < 36)
    }
  }

  @Test("beyond the rate nothing is sent: what cannot go now gets a time to come back, each its own when alone")
  func rates() throws {
    try Stage.with(2) { stage in
      try stage.deliver((1...12).map { Sample.delivery($0) })
      let throttled = stage.host.results.values.filter { $0.outcome == .throttled }
      #expect(stage.host.results.values.count { $0.outcome == .delivered } == 5 && throttled.count == 7)
      #expect(Set(throttled.map(\.carry)).count == 7 && Set(throttled.map(\.code)) == ["rate"])
      let waits = throttled.map(\.retryAfterMilliseconds).sorted()
      #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 >= $0 + 1_000 }, "\(waits)")
      #expect(try stage.emulator.log().statuses == [200, 200, 200, 200, 200])
    }
  }

  @Test("nothing is sent while Discord asks to wait, whoever it is for", arguments: ["shared", "global", "remaining"])
  func asksToWait(_ scope: String) throws {
    try Stage.with(1) { stage in
      try stage.emulator.set(1, #""script": ["429-\#(scope)"]"#)
      try stage.deliver([Sample.delivery(1)])
      try stage.deliver([Sample.delivery(2)])
      #expect(stage.host.results.values.allSatisfy { $0.outcome == .throttled })
      #expect(stage.host.results[1]?.retryAfterMilliseconds ?? 0 >= 321)
      #expect(try stage.emulator.log().statuses == [429])
    }
  }

  @Test("a person's webhook that is gone ends that address, not the sink, and is asked no more")
  func endpointGone() throws {
    try Stage.with(1) { stage in
      try stage.emulator.set(4, #""script": [404]"#)
      let gone = stage.emulator.webhook(4)
      try stage.deliver([Sample.delivery(1, endpoint: gone), Sample.delivery(2)])
      try stage.deliver([Sample.delivery(3, endpoint: gone)])
      #expect([1, 3].allSatisfy { stage.host.results[$0]?.outcome == .endpointDisabled })
      #expect(stage.host.results[2]?.outcome == .delivered)
      #expect(try stage.emulator.log().statuses.sorted() == [200, 404])
    }
  }

  @Test("a thread, a forum's new thread, and mentions by permission")
  func threadsAndMentions() throws {
    try Stage.with(3, #", "thread_id": "77", "mentions": {"users": ["5"], "roles": ["6"], "everyone": true}"#) {
      try $0.deliver([Sample.delivery(1)])
      let taken = try #require(try $0.emulator.taken().first)
      #expect(taken.thread == "77" && taken.message.content?.hasPrefix("<@5> <@&6> @everyone ") == true)
      #expect(taken.message.allowedMentions.parse == ["everyone"])
      #expect(taken.message.allowedMentions.users == ["5"] && taken.message.allowedMentions.roles == ["6"])
    }
    try Stage.with(3, #", "thread_name": "Birthdays", "style": "embed""#) {
      try $0.deliver([Sample.delivery(1), Sample.delivery(2)])
      let taken = try $0.emulator.taken()
      #expect(taken.count == 2, "a post for each event")
      let message = try #require(taken.first?.message)
      #expect(message.threadName == "Birthdays" && message.content == nil)
      #expect(message.embeds?.first?.title == "Hello" && message.embeds?.first?.timestamp == "2026-11-21T08:00:00Z")
    }
  }

  @Test(
    "an address that is none is refused without being shown",
    arguments: [
      "https://discord.com/api/webhooks/1", "https://discord.com/hooks/1/t0ken",
      "ftp://discord.com/api/webhooks/1/t0ken",
      "https://discord.com/api/webhooks/one/t0ken", "https://discord.com/api/webhooks/1/t0ken?wait=false", "", "t0ken",
      "https://user:t0ken@discord.com/api/webhooks/1/t0ken", "https://discord.com/api/webhooks/1/t0ken/slack",
    ])
  func badAddresses(_ address: String) throws {
    let error = #expect(throws: PluginError.self) { try WebhookAddress(address, threadID: nil) }
    #expect(error?.status == .invalid && error?.message.contains("t0ken") == false)
    try Stage.with(1) { stage in
      guard !address.isEmpty else { return }
      try stage.deliver([Sample.delivery(1, endpoint: address)])
      let result = stage.host.results[1]
      #expect(result?.outcome == .permanent && result?.detail.contains("t0ken") == false)
    }
  }

  @Test("an event that says nothing is refused here, not by Discord")
  func empty() throws {
    try Stage.with(1) { stage in
      try stage.deliver([Sample.delivery(1, Message(title: " ", text: "\n"))])
      #expect(stage.host.results[1]?.outcome == .permanent && stage.host.results[1]?.code == "invalid-delivery")
      #expect(try stage.emulator.log().statuses.isEmpty)
    }
  }

  @Test("without an address, or when it is not active, it says so; what waits when it ends is given up")
  func states() throws {
    try Stage.with(nil) { stage in
      try stage.deliver([Sample.delivery(1)])
      #expect(stage.host.results[1]?.outcome == .permanent)
      #expect(throws: PluginError.self) { try stage.sink.activate() }
    }
    try Stage.with(1, #", "style": "embed", "batch": {"wait_ms": 1000}"#) { stage in
      try stage.sink.deliver([Sample.delivery(1)])
      stage.sink.deactivate()
      #expect(stage.host.results[1]?.outcome == .cancelled)
      #expect(throws: PluginError.self) { try stage.sink.deliver([Sample.delivery(2)]) }
      #expect(try stage.emulator.log().statuses.isEmpty)
    }
  }
}
