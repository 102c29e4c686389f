import Foundation
import PluginKit0
import Testing
import WebhookPlugin

@testable import HTTPTransport

@Suite("Hostile addresses: the canary hears nothing")
struct HostileAddressTests {
  /// What became of a URL, in the fixture's words; nil when somebody answered.
  private func verdict(_ result: HTTPResult) -> HostileURL.Expectation? {
    guard case .failure(let failure) = result, !failure.requestSent else { return nil }
    switch failure.reason {
    case .addressRefused: return .address
    case .resolve, .internal, .malformed: return HostileURL.Expectation.none
    // A resolver that does not answer names no address either; of what was connected to, the canary would know.
    case .timeout: return HostileURL.Expectation.none
    default: return nil
    }
  }

  @Test("the corpus is there, and the canary hears who is let through, on every address")
  func canary() throws {
    #expect(HostileURL.all.count >= 150)
    let canary = try Canary()
    let open = try TransportClient {
      $0.addresses = try AddressPolicy(allowing: [AddressRange("0.0.0.0/0"), AddressRange("::/0")])
    }
    for (index, host) in ["127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"].enumerated() {
      _ = try open.send("http://\(host):\(canary.port)/")
      #expect(canary.wait(for: index + 1), "\(host)")
    }
  }

  @Test("every URL of the corpus is refused as its row says")
  func corpus() throws {
    let canary = try Canary()
    let transport = try HTTPTransport()
    for row in HostileURL.all {
      let text = row.text(port: canary.port)
      let client = try TransportClient(transport) {
        $0.addresses = .publicOnly
        $0.resolvedNames = [row.resolution(port: canary.port)].compactMap { $0 }
      }
      guard (try? HTTPURL(text)) != nil else {
        #expect([.url, .any].contains(row.expectation), "\(row.template) is refused as a URL")
        continue
      }
      let result = try client.send(text)
      let verdict = verdict(result)
      #expect(verdict != nil, "\(row.template) got through: \(result)")
      #expect(row.expectation == .any || row.expectation == verdict, "\(row.template): \(result)")
      client.session.close()
    }
    #expect(canary.count == 0)
  }

  @Test("as deliveries' own endpoints none is reached, and each ends as a dead letter or is tried again")
  func endpoints() throws {
    let canary = try Canary()
    let run = try SinkRun(JSONObject())
    let event = try #require(Sample.birthday)
    let rows = HostileURL.all.filter { $0.addresses.isEmpty }
    let results = try run.deliver(
      rows.enumerated().map {
        Sample.delivery(UInt64($0.offset + 1), endpoint: $0.element.text(port: canary.port), event: event)
      })
    #expect(results.count == rows.count)
    for (index, row) in rows.enumerated() {
      let code = results[UInt64(index + 1)]?.code ?? ""
      let told = "\(row.template): \(code)"
      switch row.expectation {
      case .url: #expect(code == "invalid-endpoint", "\(told)")
      case .address: #expect(code == "address-refused", "\(told)")
      case .none, .any:
        #expect(["invalid-endpoint", "address-refused", "resolve", "timeout", "internal"].contains(code), "\(told)")
      }
    }
    #expect(canary.count == 0)
  }

  @Test("as a configured url, or as the token server's, none is reached either")
  func tokenServers() throws {
    let canary = try Canary()
    for row in HostileURL.all where row.addresses.isEmpty {
      let text = row.text(port: canary.port)
      let secure = text.hasPrefix("http:") ? "https:" + text.dropFirst(5) : text
      var codes: [String] = []
      for url in [text, secure] {
        let auth: JSONValue = [
          "type": "oauth2", "token_url": .string(url), "client_id": "a", "client_secret": "env:C",
        ]
        let run = try? SinkRun(.of(["url": "https://a.example/", "auth": auth]), secrets: ["env:C": "s3cret"])
        if let result = try run?.one() {
          #expect(result.outcome == .retry, "\(row.template): a token server is never a dead letter's cause")
          codes.append(result.code)
        }
      }
      // Names such as `2130706433.` go to the machine's resolver, which may take longer than the sink waits.
      let refusals = ["token-address-refused", "token-resolve", "token-timeout", "token-internal"]
      #expect(codes.allSatisfy { refusals.contains($0) }, "\(row.template): \(codes)")
      if row.expectation == .address { #expect(codes.contains("token-address-refused"), "\(row.template)") }
    }
    #expect(canary.count == 0)
  }

  @Test("a redirect to any of them is an answer, and goes nowhere, from an endpoint and from a token server")
  func redirects() throws {
    let canary = try Canary()
    let rows = HostileURL.all.filter { !$0.template.contains("{cr}") && !$0.template.contains("{lf}") }
    let server = try LoopbackServer { connection in
      var index = 0
      while connection.readRequest() != nil {
        let location = rows[index % rows.count].text(port: canary.port).replacingOccurrences(of: "\0", with: "")
        connection.write("HTTP/1.1 30\(7 + index % 2) Go\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
        index += 1
      }
    }
    // The canary's addresses are allowed here: only the redirect itself must not be followed.
    let client = try TransportClient()
    for _ in rows { #expect([307, 308].contains(try client.answer(server.url).status)) }
    let auth: JSONValue = [
      "type": "oauth2", "token_url": .string(server.url), "client_id": "a", "client_secret": "env:C",
    ]
    let run = try SinkRun(.loopback(server.url, ("auth", auth)), secrets: ["env:C": "s3cret"])
    #expect(try run.one().code == "token-http-307")
    #expect(server.requests.count == rows.count + 1 && canary.count == 0)
  }

  @Test("Alt-Svc, Refresh, Link and Upgrade lead nowhere")
  func alternatives() throws {
    let canary = try Canary()
    let server = try LoopbackServer(
      status: 200,
      headers: "Alt-Svc: h2=\"127.0.0.1:\(canary.port)\", http/1.1=\":\(canary.port)\"; ma=3600\r\n"
        + "Refresh: 0; url=http://127.0.0.1:\(canary.port)/\r\nLink: <http://127.0.0.1:\(canary.port)/>; rel=preload\r\n"
        + "Upgrade: h2c\r\nContent-Location: http://127.0.0.1:\(canary.port)/\r\n")
    let client = try TransportClient()
    for _ in 0..<5 { #expect(try client.answer(server.url).status == 200) }
    #expect(server.requests.count == 5 && canary.count == 0)
  }

  @Test("an allow list lets through what it names, in any notation, and nothing beside it")
  func allowList() throws {
    let canary = try Canary()
    let client = try TransportClient {
      $0.addresses = try AddressPolicy(allowing: [AddressRange("127.0.0.1")])
      $0.resolvedNames = ["both.example:\(canary.port):127.0.0.2,[::1],127.0.0.1"]
    }
    for host in [
      "127.0.0.2", "127.0.0.0", "126.255.255.255.nip.invalid", "127.255.255.255", "0.0.0.0", "[::1]", "[::]",
      "[::ffff:127.0.0.2]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::2]",
      "192.0.2.2", "10.0.0.1",
    ] {
      #expect(verdict(try client.send("http://\(host):\(canary.port)/")) != nil, "\(host)")
    }
    #expect(canary.count == 0)
    for (index, host) in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "both.example"].enumerated() {
      _ = try client.send("http://\(host):\(canary.port)/")
      #expect(canary.wait(for: index + 1), "\(host)")
    }
    #expect(canary.count == 4)
  }

  @Test("a proxy that the environment names is not asked")
  func proxies() async {
    await #expect(processExitsWith: .success) {
      let canary = try Canary()
      for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        setenv(name, "http://127.0.0.1:\(canary.port)", 1)
      }
      setenv("no_proxy", "", 1)
      let server = try LoopbackServer(status: 204)
      let client = try TransportClient()
      let own = try client.send(server.url)
      let other = try client.send("http://10.0.0.1/")
      guard case .answer = own, case .failure(let failure) = other, failure.reason == .addressRefused,
        canary.count == 0
      else { exit(1) }
    }
  }
}
