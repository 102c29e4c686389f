import ControlAPI
import Foundation
import SwiftProtobuf
import Testing
import X509

@testable import CtlKit

@Suite("Who may do what")
struct AccessTests {
  @Test("a token's secret stands alone on standard output; --to keeps it out of sight")
  func tokens() async throws {
    try await FakeAgent.serve { agent, ctl in
      let made = try await ctl("token", "create", "bot", "--role", "operator", "--only-namespace", "family")
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output == "cart_bot_secret\n")
      #expect(made.errors.contains("is not shown again"))
      let request = try #require(agent.requests(Carillon_V1_CreateTokenRequest.self).first)
      #expect(request.token.role == .operator)
      #expect(request.token.namespace == "family")
      let file = FileManager.default.temporaryDirectory.appending(path: "ctl-token-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: file) }
      let kept = try await ctl(
        "token", "create", "b2", "--role", "viewer", "--to", file, "-o", "json", "--expires-in", "30d", "--request-id",
        "k")
      #expect(!kept.output.contains("_secret") && !kept.errors.contains("_secret"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "cart_b2_secret\n")
      let second = try #require(agent.requests(Carillon_V1_CreateTokenRequest.self).last)
      #expect(second.token.expireTime.seconds == 1_780_000_000 + 30 * 86_400)
      #expect(second.requestID == "k")
      #expect(try await ctl("token", "create", "b3", "--role", "viewer", "--to", file).status == 6)
      #expect(try await ctl("token", "create", "b4", "--role", "root").status == 64)
      #expect(try await ctl("token", "list", "-o", "name").lines == ["tokens/b2", "tokens/bot"])
      #expect(try await ctl("token", "revoke", "bot").output.contains("2026-05-28"))
      #expect(try await ctl("token", "revoke", "nobody").status == 5)
    }
  }

  @Test("a file that was made for a token that is refused goes away again")
  func refusedToken() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      let file = FileManager.default.temporaryDirectory.appending(path: "ctl-token-\(UUID().uuidString)").path
      agent.with { $0.failure = FakeAgent.invalid("token.role", "no") }
      #expect(try await ctl("token", "create", "b", "--role", "admin", "--to", file).status == 64)
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test("grants and denials live and go")
  func grants() async throws {
    try await FakeAgent.serve { agent, ctl async throws in
      #expect(try await ctl("grant", "create", "ada", "--identity", "dns:ada.example", "--role", "admin").status == 0)
      #expect(try await ctl("grant", "list").output.contains("dns:ada.example"))
      #expect(try await ctl("grant", "delete", "ada").status == 0)
      #expect(try await ctl("grant", "get", "ada").status == 5)
      let digest = String(repeating: "ab", count: 32)
      let colons = String(repeating: "AB:", count: 31) + "AB"
      #expect(try await ctl("denial", "create", "--certificate", colons, "--reason", "lost").status == 0)
      #expect(agent.requests(Carillon_V1_CreateDenialRequest.self).first?.denial.certificateSha256 == digest)
      #expect(try await ctl("denial", "create", "bob", "--identity", "dns:bob.example").status == 0)
      #expect(try await ctl("denial", "list").lines.count == 3)
      #expect(try await ctl("denial", "delete", "bob").status == 0)
      #expect(try await ctl("denial", "create").status == 64)
      #expect(try await ctl("denial", "create", "--certificate", "/nowhere.pem").status == 64)
    }
  }

  @Test("a certificate is denied by the SHA-256 of its DER form")
  func digest() throws {
    let authority = try TestAuthority("Test CA")
    let files = try authority.issue("eve", names: [.dnsName("eve.example")])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = ["x509", "-in", files.certificate, "-noout", "-fingerprint", "-sha256"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let expected = try #require(output.split(separator: "=").last).replacing(":", with: "").lowercased()
    #expect(try CertificateDigest.of(files.certificate) == expected.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test("audit records are listed by who and what; a broken chain ends with 1")
  func audit() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.auditRecords = [
          .with {
            $0.name = "auditRecords/north/7"
            $0.actor = "token:bot"
            $0.action = "queue.put"
            $0.resource = "critical"
            $0.after = #"{"reserve":4}"#
          },
          .with {
            $0.name = "auditRecords/north/6"
            $0.actor = "unix:0"
          },
        ]
        state.chains = [
          .with {
            $0.agent = "agents/north"
            $0.records = 7
          }
        ]
      }
      let listed = try await ctl(
        "audit", "list", "--actor", "token:bot", "--action", "queue.", "--since", "1h", "-o", "wide")
      #expect(listed.lines.count == 2)
      #expect(listed.output.contains("north/7"))
      let request = try #require(agent.requests(Carillon_V1_ListAuditRecordsRequest.self).first)
      #expect(request.action == "queue.")
      #expect(request.from.seconds == 1_780_000_000 - 3_600)
      #expect(try await ctl("audit", "verify").status == 0)
      agent.with { $0.chains[0].brokenAt = "auditRecords/north/3" }
      let broken = try await ctl("audit", "verify")
      #expect(broken.status == 1)
      #expect(broken.output.contains("auditRecords/north/3"))
    }
  }
}
