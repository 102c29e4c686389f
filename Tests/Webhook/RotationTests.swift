import Foundation
import PluginKit0
import Testing
import WebhookPlugin

@Suite("A secret that takes over from another")
struct RotationTests {
  private static let old = "whsec_" + Data((0..<32).map { UInt8($0) }).base64EncodedString()
  private static let new = "whsec_" + Data((32..<64).map { UInt8($0) }).base64EncodedString()
  /// RFC 8032, section 7.1, test 1.
  private static let signing = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
  private static let verifying = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
  private static let secrets = ["env:OLD": old, "env:NEW": new, "env:SIGNING": signing]

  private func time(_ seconds: Int64) -> JSONValue {
    .string(Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601))
  }

  private var now: Int64 { Int64(Date().timeIntervalSince1970) }

  /// What independent verifiers say of the last request that a sink sent.
  private func verdicts(_ members: [(String, JSONValue)], _ verifiers: [String]) throws -> [String] {
    let server = try LoopbackServer(status: 204)
    var configuration = JSONObject.loopback(server.url)
    for (name, value) in members { configuration[name] = value }
    #expect(try SinkRun(configuration, secrets: Self.secrets).one().outcome == .delivered)
    let request = try #require(server.requests.first)
    return try Verifier.verify(
      verifiers.map {
        [
          "secret": $0, "id": "key_1", "timestamp": request.header("webhook-timestamp") ?? "",
          "signature": request.header("webhook-signature") ?? "", "body": String(decoding: request.body, as: UTF8.self),
        ]
      }
    ).map { String($0.prefix(7)) }
  }

  @Test("until its end the old secret signs along, and receivers with either verify")
  func during() throws {
    let members: [(String, JSONValue)] = [
      ("secret", "env:NEW"), ("previous_secret", "env:OLD"), ("previous_until", time(now + 3_600)),
    ]
    #expect(try verdicts(members, [Self.new, Self.old]) == ["ok", "ok"])
  }

  @Test("from its end on only the new one signs, and the old one may be gone")
  func after() throws {
    let members: [(String, JSONValue)] = [
      ("secret", "env:NEW"), ("previous_secret", "env:GONE"), ("previous_until", time(now - 1)),
    ]
    #expect(try verdicts(members, [Self.new, Self.old]) == ["ok", "refused"])
  }

  @Test("the end comes by itself, at its second, in a sink that is active")
  func endsByItself() throws {
    let signer = StandardWebhooks(
      keys: [try SigningKey(Self.new)], retiring: .init(try SigningKey(Self.old), endSeconds: 1_000))
    for (seconds, count) in [(Int64(999), 2), (1_000, 1), (1_001, 1)] {
      let header = try signer.signature(id: "a", timestampSeconds: seconds, body: [1])
      #expect(header.split(separator: " ").count == count)
      let both = StandardWebhooks(keys: [try SigningKey(Self.old)])
      #expect(both.verifies(header, id: "a", timestampSeconds: seconds, body: [1], nowSeconds: seconds) == (count == 2))
    }
  }

  @Test("from a symmetric secret to an ed25519 key: an independent ed25519 verifies v1a, and refuses another body")
  func asymmetric() throws {
    let members: [(String, JSONValue)] = [
      ("secrets", ["env:SIGNING"]), ("previous_secret", "env:OLD"), ("previous_until", time(now + 3_600)),
    ]
    #expect(try verdicts(members, [Self.verifying, Self.old]) == ["ok", "ok"])
    let signer = StandardWebhooks(keys: [try SigningKey(Self.signing)])
    let cases: [[String: String]] = try ["{}", #"{"name":"Zoë 🎂 \u0000"}"#, String(repeating: "x", count: 100_000)].map
    { body in
      [
        "secret": Self.verifying, "id": "evt_1", "timestamp": "1614265330",
        "signature": "v1,AAAA "
          + (try signer.signature(id: "evt_1", timestampSeconds: 1_614_265_330, body: Array(body.utf8))),
        "body": body,
      ]
    }
    var forged = cases[0]
    forged["body"] = "{ }"
    #expect(try Verifier.verify(cases + [forged]).map { $0.prefix(7) } == ["ok", "ok", "ok", "refused"])
  }

  @Test(
    "half a rotation is refused, by pointer",
    arguments: [
      (["secret": "env:A", "previous_secret": "env:B"], ["/previous_secret"]),
      (["secret": "env:A", "previous_until": "2027-01-01T00:00:00Z"], ["/previous_until"]),
      (["previous_secret": "env:B", "previous_until": "2027-01-01T00:00:00Z"], ["/previous_secret"]),
      (["secret": "env:A", "previous_secret": "env:B", "previous_until": "tomorrow"], ["/previous_until"]),
      (["secret": "env:A", "previous_secret": "env:B", "previous_until": "2027-02-30T00:00:00Z"], ["/previous_until"]),
    ] as [(JSONValue, [String])])
  func refused(members: JSONValue, pointers: [String]) {
    var object = JSONObject.of(members)
    object["url"] = "https://a.example/"
    #expect(SinkRun.violations(object).map(\.pointer) == pointers)
  }
}
