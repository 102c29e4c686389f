import Foundation
import PluginKit0
import Testing

@testable import DiscordPlugin

/// The sink against an emulator that keeps Discord's documented rules.
@Suite("The discord sink")
struct SinkTests {
  private static let patience = Duration.seconds(60)

  private func with(
    _ webhook: Int? = nil, _ more: String = "", _ body: (Discord, RecordingHost, Emulator) throws -> Void
  ) throws {
    let emulator = try Emulator()
    let host = RecordingHost(secrets: ["env:URL": webhook.map { emulator.webhook($0) + "\n" } ?? ""])
    let url = webhook == nil ? "" : #""url": "env:URL", "#
    let sink = try Discord(
      name: "test", configuration: JSONText(#"{\#(url)"allow_addresses": ["127.0.0.0/8"]\#(more)}"#),
      host: Host(instanceName: "test", services: host))
    try sink.activate()
    try body(sink, host, emulator)
    sink.deactivate()
  }

  @Test("a message stands in the channel, calls nobody, and its id is the receipt")
  func delivers() throws {
    try with(1, #", "username": "Carillon""#) { sink, host, emulator in
      try sink.deliver([Sample.delivery(7, Message(title: "Hello", text: "@everyone *World* <@1>"))])
      #expect(sink.drain(timeout: Self.patience))
      #expect(host.results[7] == DeliveryResult(.delivered, code: "http-200", receipt: "9001"))
      let taken = try emulator.taken()
      #expect(taken.map(\.message.content) == ["**Hello**\n\\@everyone \\*World\\* \\<\\@1\\>"])
      #expect(taken.first?.message.username == "Carillon")
      #expect(taken.first?.message.allowedMentions.parse == [])
    }
  }

  @Test("everything an event may say is taken by the emulator, within its sizes")
  func sizes() throws {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "a", "😀", "👩‍👩‍👧‍👦", "é", "العربية ", "\\", "*", "\n", "<@1>", "@here ", "https://x.example/a_b ", "#", "1. ", "\u{0}",
    ]
    func text(_ count: Int) -> String { (0..<count).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined() }
    let messages = (0..<60).map { index in
      Message(
        title: index.isMultiple(of: 3) ? "" : text([5, 300][index % 2]),
        text: "x" + text([0, 10, 900, 6_000][index % 4]))
    }
    for style in ["text", "embed"] {
      // A webhook of its own for every five: the sizes are meant here, not the rates.
      try with(nil, #", "style": "\#(style)", "color": 255"#) { sink, host, emulator in
        for (index, message) in messages.enumerated() {
          let ticket = UInt64(index + 1)
          let webhook = emulator.webhook(10 + index / 4)
          while true {
            try sink.deliver([Sample.delivery(ticket + UInt64(host.count) * 1_000, message, endpoint: webhook)])
            #expect(sink.drain(timeout: Self.patience))
            if host.results.values.count(where: { $0.outcome == .delivered }) > index { break }
            try #require(
              host.results.values.allSatisfy { [.delivered, .throttled].contains($0.outcome) }, "\(host.results)")
          }
        }
        #expect(try emulator.taken().count == messages.count)
      }
    }
  }

  @Test("beyond the rate nothing is sent: what cannot go now gets a time of its own, one after the other")
  func rates() throws {
    try with(2) { sink, host, emulator in
      try sink.deliver((1...12).map { Sample.delivery($0) })
      #expect(sink.drain(timeout: Self.patience))
      let throttled = host.results.values.filter { $0.outcome == .throttled }
      #expect(host.results.values.count { $0.outcome == .delivered } == 5 && throttled.count == 7)
      #expect(Set(throttled.map(\.carry)).count == 7 && Set(throttled.map(\.code)) == ["rate"])
      let waits = throttled.map(\.retryAfterMilliseconds).sorted()
      #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 >= $0 + 1_000 }, "\(waits)")
      #expect(try emulator.taken().count == 5)
    }
  }

  @Test(
    "what Discord answers becomes what it means",
    arguments: [
      (404, Outcome.sinkDisabled, "http-404"), (401, .sinkDisabled, "discord-50027"), (429, .throttled, "http-429"),
      (430, .throttled, "http-429-global"), (500, .retry, "http-502"),
    ])
  func answers(_ webhook: Int, _ outcome: Outcome, _ code: String) throws {
    try with(webhook) { sink, host, _ in
      try sink.deliver([Sample.delivery(1)])
      #expect(sink.drain(timeout: Self.patience))
      #expect(host.results[1]?.outcome == outcome && host.results[1]?.code == code, "\(host.results)")
      if outcome == .throttled {
        #expect(host.results[1]?.retryAfterMilliseconds == 321)
        try sink.deliver([Sample.delivery(2)])
        #expect(sink.drain(timeout: Self.patience))
        #expect(host.results[2]?.outcome == .throttled, "nothing is sent while Discord asks to wait")
      }
    }
  }

  @Test("a person's webhook that is gone ends that address, not the sink")
  func endpointGone() throws {
    try with(1) { sink, host, emulator in
      try sink.deliver([Sample.delivery(1, endpoint: emulator.webhook(404)), Sample.delivery(2)])
      #expect(sink.drain(timeout: Self.patience))
      #expect(host.results[1]?.outcome == .endpointDisabled && host.results[2]?.outcome == .delivered)
    }
  }

  @Test("a message that was taken and not answered in time is unknown, and stands there once")
  func ambiguous() throws {
    try with(900, #", "timeout_ms": 500"#) { sink, host, emulator in
      try sink.deliver([Sample.delivery(1)])
      #expect(sink.drain(timeout: Self.patience))
      #expect(host.results[1]?.outcome == .unknown && host.results[1]?.code == "no-answer-timeout")
      #expect(try emulator.taken().count == 1)
    }
  }

  @Test("a thread, a forum's new thread, and mentions by permission")
  func threadsAndMentions() throws {
    try with(3, #", "thread_id": "77", "mentions": {"users": ["5"], "roles": ["6"], "everyone": true}"#) {
      sink, host, emulator in
      try sink.deliver([Sample.delivery(1)])
      #expect(sink.drain(timeout: Self.patience))
      let taken = try #require(try emulator.taken().first)
      #expect(taken.thread == "77" && taken.message.content?.hasPrefix("<@5> <@&6> @everyone ") == true)
      #expect(taken.message.allowedMentions.parse == ["everyone"])
      #expect(taken.message.allowedMentions.users == ["5"] && taken.message.allowedMentions.roles == ["6"])
    }
    try with(3, #", "thread_name": "Birthdays", "style": "embed""#) { sink, _, emulator in
      try sink.deliver([Sample.delivery(1)])
      #expect(sink.drain(timeout: Self.patience))
      let message = try #require(try emulator.taken().first?.message)
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
    try with(1) { sink, host, _ in
      guard !address.isEmpty else { return }
      try sink.deliver([Sample.delivery(1, endpoint: address)])
      #expect(host.results[1]?.outcome == .permanent && host.results[1]?.detail.contains("t0ken") == false)
    }
  }

  @Test("an event that says nothing is refused here, not by Discord")
  func empty() throws {
    try with(1) { sink, host, emulator in
      try sink.deliver([Sample.delivery(1, Message(title: " ", text: "\n"))])
      #expect(host.results[1]?.outcome == .permanent && host.results[1]?.code == "invalid-delivery")
      #expect(try emulator.taken().isEmpty)
    }
  }

  @Test("without an address, or when it is not active, it says so")
  func states() throws {
    try with(nil) { sink, host, _ in
      try sink.deliver([Sample.delivery(1)])
      #expect(host.results[1]?.outcome == .permanent)
      sink.deactivate()
      #expect(throws: PluginError.self) { try sink.deliver([Sample.delivery(2)]) }
    }
  }
}
