import Foundation
import PluginTesting
import Testing

/// What we ship, and what we show, keeps to its own rules.
@Suite("Our own plugins come out clean")
struct OwnPluginTests {
  /// A plugin, and what the check is told about it.
  struct Own: Sendable, CustomTestStringConvertible {
    var name: String
    var configuration = ""
    var definition = ""
    var endpoint = ""
    var testDescription: String { name }
  }

  private static let loopback = #""allow_addresses": ["127.0.0.0/8"]"#

  @Test(
    "built by this package",
    arguments: [
      Own(name: "birthday"), Own(name: "anniversary"),
      Own(name: "notification", definition: #"{"title": "Now", "at": "2031-05-04T09:00"}"#),
      Own(name: "reminder", definition: #"{"title": "Stand up", "start": "2030-01-07T09:30", "repeat": "FREQ=DAILY"}"#),
      Own(name: "webhook", configuration: #"{"url": "http://127.0.0.1:@PORT@/", \#(loopback)}"#),
      Own(
        name: "discord", configuration: #"{\#(loopback), "batch": {"events": 1}}"#,
        endpoint: "http://127.0.0.1:@PORT@/api/webhooks/1/check"),
      Own(
        name: "email",
        configuration:
          #"{"host": "127.0.0.1", "port": @PORT@, "tls": "none", "from": "check@example.org", "to": "check@example.org"}"#,
        endpoint: "ada@example.org"),
    ])
  func own(_ own: Own) async throws {
    let file = Place.built.appendingPathComponent("libcarillon-\(own.name).so").path
    let report = await Check.run(file) { options in
      (options.configuration, options.definition) = (own.configuration, own.definition)
      options.endpoint = own.endpoint
      options.callLimitMilliseconds = 20_000
    }
    #expect(report.isClean, "\(report.faults)")
    #expect(report.missing == 0, "\(report.untried)")
    #expect(report.count(.ok) > 20)
  }

  @Test("the example in C")
  func countdown() async throws {
    try await TestFolder.with { folder in
      let source = Place.root.appendingPathComponent("Plugins/Examples/countdown/countdown.c")
      let file = try await Compiled.library("carillon-countdown", [source], in: folder)
      let report = await Check.run(file)
      #expect(report.isClean, "\(report.faults)")
      #expect(report.missing == 0, "\(report.untried)")
    }
  }
}
