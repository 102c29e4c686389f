import Foundation
import PluginKit0
import Testing
import WebhookPlugin

@Suite("Standard Webhooks")
struct StandardWebhooksTests {
  static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  static let body = Array(#"{"test": 2432232314}"#.utf8)
  static let time: Int64 = 1_614_265_330

  private func signer(_ secrets: String...) throws -> StandardWebhooks {
    StandardWebhooks(keys: try secrets.map { try SigningKey($0) })
  }

  @Test("the specification's vector", arguments: [secret, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
  func vector(secret: String) throws {
    let header = try signer(secret).signature(id: Self.id, timestampSeconds: Self.time, body: Self.body)
    #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("while keys change, both sign, and either verifies")
  func rotation() throws {
    let other = "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()
    let header = try signer(other, Self.secret).signature(id: Self.id, timestampSeconds: Self.time, body: Self.body)
    #expect(header.split(separator: " ").count == 2)
    for secret in [other, Self.secret] {
      #expect(
        try signer(secret).verifies(
          header, id: Self.id, timestampSeconds: Self.time, body: Self.body, nowSeconds: Self.time))
    }
  }

  @Test("padding may be missing")
  func padding() throws {
    let padded = "whsec_" + Data(repeating: 9, count: 25).base64EncodedString()
    #expect(padded.hasSuffix("="))
    let bare = padded.replacingOccurrences(of: "=", with: "")
    #expect(
      try signer(padded).signature(id: "a", timestampSeconds: 1, body: [])
        == signer(bare).signature(id: "a", timestampSeconds: 1, body: []))
  }

  @Test("ed25519: the private key signs, the public key verifies (RFC 8032, section 7.1, test 1)")
  func asymmetric() throws {
    let seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
    let point = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    let both = try #require(Data(base64Encoded: seed)) + #require(Data(base64Encoded: point))
    for secret in ["whsk_" + seed, "whsk_" + both.base64EncodedString()] {
      let header = try signer(secret).signature(id: Self.id, timestampSeconds: Self.time, body: Self.body)
      #expect(header.hasPrefix("v1a,"))
      for key in ["whpk_" + point, secret] {
        let verifier = try signer(key)
        #expect(
          verifier.verifies(header, id: Self.id, timestampSeconds: Self.time, body: Self.body, nowSeconds: Self.time))
        #expect(!verifier.verifies(header, id: Self.id, timestampSeconds: Self.time, body: [1], nowSeconds: Self.time))
      }
    }
    #expect(throws: PluginError.self) {
      try SigningKey("whsk_" + Data(repeating: 1, count: 64).base64EncodedString())
    }
  }

  @Test("a signature of something else does not verify")
  func forged() throws {
    let signer = try signer(Self.secret)
    let header = try signer.signature(id: Self.id, timestampSeconds: Self.time, body: Self.body)
    func verifies(
      _ header: String, id: String = Self.id, time: Int64 = Self.time, body: [UInt8] = Self.body, now: Int64 = Self.time
    ) -> Bool { signer.verifies(header, id: id, timestampSeconds: time, body: body, nowSeconds: now) }
    #expect(verifies(header))
    #expect(verifies("v9,xyz v1,AAAA " + header))
    #expect(!verifies(header, id: Self.id + "x"))
    #expect(!verifies(header, time: Self.time + 1))
    #expect(!verifies(header, body: Self.body + [0x20]))
    #expect(verifies(header, now: Self.time + 300) && !verifies(header, now: Self.time + 301))
    #expect(!verifies(header, now: Self.time - 301) && !verifies(header, now: .min))
    for bad in ["", " ", "v1", "v1,", "v1,====", "v1a," + header.dropFirst(3), String(header.dropLast(2))] {
      #expect(!verifies(bad), "\(bad)")
    }
  }

  @Test(
    "a secret that is none is refused, and not told",
    arguments: [
      "", "whsec_", "whsec_!!!!", "whsec_c2hvcnRzZWNyZXQ=", "whsk_c2hvcnRzZWNyZXQ=", "whpk_c2hvcnRzZWNyZXQ=", "whsk_%",
      "whsec_" + String(repeating: "QUJD", count: 22), String(repeating: "A", count: 1_000),
    ])
  func badSecret(text: String) {
    let error = #expect(throws: PluginError.self) { try SigningKey(text) }
    #expect(error?.status == .invalid)
    let parts = text.split(separator: "_").last.map(String.init) ?? ""
    #expect(parts.count < 3 || error?.message.contains(parts) == false)
  }

  @Test("a key describes itself to nobody")
  func silent() throws {
    let key = try SigningKey(Self.secret)
    var text = "\(key) \(String(reflecting: key))"
    dump(key, to: &text)
    #expect(!text.contains("MfKQ"))
  }

  @Test("an id that would make the signed text ambiguous is refused", arguments: ["", "a.b"])
  func badID(id: String) throws {
    let signer = try signer(Self.secret)
    #expect(throws: PluginError.self) { try signer.signature(id: id, timestampSeconds: 1, body: []) }
  }

  @Test("an independent implementation agrees")
  func independent() throws {
    let now = Int64(Date().timeIntervalSince1970)
    var cases: [[String: String]] = []
    for length in [24, 25, 26, 32, 47, 64] {
      let secret = "whsec_" + Data((0..<length).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
      for body in [#"{"a":1}"#, #"{"name":"Zoë 🎂 \u0000"}"#, "[" + String(repeating: "1,", count: 30_000) + "1]"] {
        let signature = try signer(secret, Self.secret).signature(
          id: "evt_\(length)", timestampSeconds: now, body: Array(body.utf8))
        cases.append([
          "secret": secret, "id": "evt_\(length)", "timestamp": "\(now)", "signature": signature, "body": body,
        ])
      }
    }
    var forged = cases[0]
    forged["body"] = #"{"a":2}"#
    let answers = try Verifier.verify(cases + [forged])
    #expect(answers.dropLast() == Array(repeating: "ok", count: cases.count)[...])
    #expect(answers.last?.hasPrefix("refused") == true)
  }
}
