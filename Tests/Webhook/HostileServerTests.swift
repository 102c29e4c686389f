import Foundation
import Glibc
import PluginKit0
import Testing
import WebhookPlugin

@testable import HTTPTransport

@Suite("Hostile servers")
struct HostileServerTests {
  private static let empty204 = "HTTP/1.1 204 No Content\r\n\r\n"

  /// A server that is hostile to its first connection and serves the others.
  private func server(_ hostile: @escaping @Sendable (LoopbackConnection) -> Void) throws -> LoopbackServer {
    let first = Watched(true)
    return try LoopbackServer { connection in
      let isFirst = first.change { first in
        defer { first = false }
        return first
      }
      guard !isFirst else { return hostile(connection) }
      while connection.readRequest() != nil { connection.write(Self.empty204) }
    }
  }

  /// What a hostile server does, with settings that bound it, and how that ends.
  private func check(
    _ expected: HTTPFailure.Reason?, _ status: Int = 0, body: String = "{}", timeout: Int = 1_500,
    lowSpeed: Int = 16, _ hostile: @escaping @Sendable (LoopbackConnection) -> Void
  ) throws {
    let server = try server(hostile)
    let client = try TransportClient {
      $0.timeoutMilliseconds = timeout
      $0.lowSpeedBytesPerSecond = lowSpeed
      $0.lowSpeedSeconds = lowSpeed > 16 ? 1 : 60
    }
    let before = residentBytes()
    switch (try client.send(server.url, body: body), expected) {
    case (.failure(let failure), let reason?): #expect(failure.reason == reason, "\(failure)")
    case (.answer(let answer), nil):
      #expect(answer.status == status && answer.body.count <= HTTPTransport.maximumAnswerBytes)
    case (let result, _): Issue.record("\(result)")
    }
    #expect(residentBytes() - before < 64 << 20)
    #expect(try client.answer(server.url).status == 204, "the next request on the session works")
  }

  private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4_096
  }

  @Test("one byte of a status line now and then")
  func slowStatus() throws {
    try check(.timeout, timeout: 60_000, lowSpeed: 1_000) { connection in
      guard connection.readRequest() != nil else { return }
      for byte in "HTTP/1.1 200 OK\r\n" where connection.write(String(byte)) {
        if connection.waitForClose(milliseconds: 250) { return }
      }
      connection.waitForClose()
    }
  }

  @Test("one byte of the request taken, and then no more")
  func slowReader() throws {
    try check(.timeout, body: String(repeating: "x", count: 8 << 20), timeout: 700) { connection in
      connection.waitForClose()
    }
  }

  @Test("an answer of gzip that would grow a thousandfold is kept as it came, and not asked for")
  func gzipBomb() throws {
    let bomb = Data(base64Encoded: Self.tenMegabytesOfZeros) ?? Data()
    #expect(bomb.count > 64 && bomb.count < 16_384)
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
      connection.write(bytes: Array(bomb))
    }
    let answer = try TransportClient().answer(server.url)
    #expect(answer.body == Array(bomb) && answer.end == .complete)
    #expect(server.requests.first?.header("accept-encoding") == nil)
    #expect(server.requests.first?.header("te") == nil)
  }

  /// Made by zlib: 10 MiB of zeros, compressed twice would be smaller still.
  private static let tenMegabytesOfZeros: String = {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "head -c 10485760 /dev/zero | gzip -9 | base64 -w0"]
    process.standardOutput = output
    guard (try? process.run()) != nil else { return "" }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }()

  @Test("chunks that lie about their size, or never end")
  func chunks() throws {
    for (text, isWhole) in [
      ("ffffffffffffffff\r\nx", false), ("zz\r\n", false), ("5\r\nabc", false), ("-1\r\n", false),
      ("1;" + String(repeating: "x", count: 100_000), false), ("0\r\n\r\n", true),
    ] {
      let server = try LoopbackServer { connection in
        guard connection.readRequest() != nil else { return }
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + text)
      }
      let answer = try TransportClient { $0.timeoutMilliseconds = 2_000 }.answer(server.url)
      #expect(answer.status == 200 && (answer.end == .complete) == isWhole, "\(text.prefix(20))")
    }
  }

  @Test("an endless body without a length")
  func endless() throws {
    try check(nil, 200) { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      let piece = String(repeating: "x", count: 10_000)
      while connection.write(piece) {}
    }
  }

  @Test("a megabyte of headers, in many lines, in one line, and in trailers")
  func headers() throws {
    try check(.headersTooLarge) { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n")
      for index in 0..<10_000 where !connection.write("X-\(index): " + String(repeating: "y", count: 100) + "\r\n") {
        return
      }
    }
    let oneLine = try server { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 1 << 20) + "\r\n\r\n")
    }
    let client = try TransportClient()
    let failure = try client.failure(oneLine.url)
    #expect([.headersTooLarge, .internal, .malformed, .broken].contains(failure.reason), "\(failure)")
    #expect(try client.answer(oneLine.url).status == 204)
    try check(nil, 200) { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\n")
      for _ in 0..<10_000 where !connection.write("X: " + String(repeating: "y", count: 100) + "\r\n") { return }
    }
  }

  @Test("interim answers without end")
  func interimFlood() throws {
    try check(.headersTooLarge) { connection in
      guard connection.readRequest() != nil else { return }
      while connection.write(String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", count: 100)) {}
    }
  }

  @Test("an answer before the request's body is read, and then a reset, counts as the answer")
  func earlyAnswer() throws {
    let server = try server { connection in
      guard connection.readHead() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
      connection.waitForClose(milliseconds: 2_000)
    }
    let client = try TransportClient()
    let result = try client.send(server.url, body: String(repeating: "x", count: 8 << 20))
    guard case .answer(let answer) = result else { throw ServerError(what: "\(result)") }
    #expect(answer.status == 200)
    #expect(try client.answer(server.url).status == 204)
  }

  @Test("an answer that comes after the time-out is not taken for the next request's")
  func afterTimeout() throws {
    try check(.timeout, timeout: 300) { connection in
      guard connection.readRequest() != nil else { return }
      connection.waitForClose()
      connection.write("HTTP/1.1 500 Late\r\nContent-Length: 0\r\n\r\n")
    }
  }

  @Test("a second answer that nobody asked for is not taken for the next request's")
  func twoAnswers() throws {
    let server = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
      while connection.readRequest() != nil { connection.write(Self.empty204) }
    }
    let client = try TransportClient()
    #expect(try client.answer(server.url).status == 200)
    for _ in 0..<5 { #expect(try client.answer(server.url).status != 410) }
  }

  @Test(
    "what is not HTTP",
    arguments: [
      "\u{1}\u{2}\u{3}garbage\r\n\r\n", "SSH-2.0-x\r\n", "220 mail.example ESMTP\r\n", "HTTP/9.9 200 OK\r\n\r\n",
      "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1 20 Short\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "RTSP/1.0 200 OK\r\n\r\n", "\n", "\r\n\r\n",
    ])
  func garbage(text: String) throws {
    let server = try server { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(text)
    }
    let client = try TransportClient { $0.timeoutMilliseconds = 3_000 }
    if case .answer(let answer) = try client.send(server.url) { #expect(answer.status >= 200 && answer.status < 600) }
    #expect(try client.answer(server.url).status == 204)
  }

  @Test("hostile HTTP/2: each ends in time, with a failure or a status, and nobody else is disturbed")
  func http2() throws {
    let hostile = try HostileHTTP2()
    #expect(hostile.ports.count == 21)
    let nginx = try NginxServer()
    let transport = try HTTPTransport()
    let before = residentBytes()
    let other = try TransportClient(transport) { $0.certificateAuthorityFile = nginx.certificateFile }
    for (name, port) in hostile.ports.sorted(by: { $0.key < $1.key }) {
      let client = try TransportClient(transport) {
        $0.certificateAuthorityFile = hostile.certificateFile
        $0.timeoutMilliseconds = 800
      }
      switch try client.send("https://127.0.0.1:\(port)/") {
      case .answer(let answer):
        #expect(["empty-data-flood", "endless-data"].contains(name), "\(name): \(answer.status)")
        #expect(answer.status == 200 && answer.body.count <= HTTPTransport.maximumAnswerBytes)
      case .failure(let failure):
        #expect(
          [.timeout, .broken, .malformed, .headersTooLarge, .internal].contains(failure.reason), "\(name): \(failure)")
      }
      #expect(try other.answer("https://127.0.0.1:\(nginx.port)/").status == 204, "after \(name)")
    }
    #expect(residentBytes() - before < 64 << 20)
  }

  @Test("a sink ends each of these as its outcome table says")
  func outcomes() throws {
    for (text, outcome, code) in [
      ("SSH-2.0-x\r\n\r\n", Outcome.retry, "malformed"), ("", .unknown, "no-answer-broken"),
      ("HTTP/1.1 302 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", .retry, "http-302"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", .delivered, "http-200"),
    ] {
      let server = try LoopbackServer { connection in
        guard connection.readRequest() != nil else { return }
        connection.write(text)
      }
      let result = try SinkRun(.loopback(server.url)).one()
      #expect(result.outcome == outcome && result.code == code, "\(text): \(result)")
    }
  }
}
