import Foundation
import SMTPTransport
import Testing

@Suite("The SMTP transport")
struct TransportTests {
  private let log = Watched([SMTPCompletion]())

  private func session(
    _ server: MailServer, limits: SMTPSession.Limits = .init(), _ change: (inout SMTPSettings) -> Void = { _ in }
  ) throws -> SMTPSession {
    var settings = SMTPSettings(host: "127.0.0.1", port: server.port, security: .none)
    change(&settings)
    return try SMTPSession(settings, limits: limits) { [log] completion in log.change { $0.append(completion) } }
  }

  private func mail(_ token: UInt64 = 1, _ content: String = "Subject: x\r\n\r\nx\r\n", deadline: Int64 = .max) throws
    -> SMTPMail
  {
    SMTPMail(
      token: token, sender: try MailAddress("a@example.org"), recipient: try MailAddress("b@example.org"),
      content: Array(content.utf8), deadlineNanoseconds: deadline)
  }

  @Test(
    "dots at the beginning of lines arrive as they were, across every border of libcurl's buffers",
    arguments: [
      "\r\n.\r\n", ".\r\n", "..\r\n", ".x\r\n\r\n.\r\n\r\n..\r\n", "\r\n.",
      "x\r\n.\r\nMAIL FROM:<evil@example.org>\r\n",
    ])
  func dots(piece: String) throws {
    let server = try MailServer()
    let session = try session(server)
    let contents = (0..<8).map { offset -> [UInt8] in
      // Long enough for several uploads of 64 KiB, each time shifted by a byte.
      let filler = String(repeating: "y", count: 60 + offset) + "\r\n"
      return Array((filler + String(repeating: piece, count: 70_000 / piece.utf8.count) + "\r\nend\r\n").utf8)
    }
    for (index, content) in contents.enumerated() {
      var one = try mail(UInt64(index))
      one.content = content
      try session.submit([one])
      #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    }
    session.close()
    let areSame = server.mails.map(\.content) == contents
    #expect(areSame, "got \(server.mails.map(\.content.count)) bytes of \(contents.map(\.count))")
    #expect(server.commands.filter { $0.hasPrefix("MAIL") }.count == contents.count)
  }

  @Test("a megabyte of mail arrives whole")
  func large() throws {
    let server = try MailServer()
    let session = try session(server)
    let content = "Subject: x\r\n\r\n" + String(repeating: String(repeating: "z", count: 74) + "\r\n", count: 14_000)
    try session.submit([try mail(1, content)])
    #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    session.close()
    #expect(server.mails.first.map { $0.content == Array(content.utf8) } == true)
  }

  @Test("a connection that nobody needs is closed")
  func idle() throws {
    var limits = SMTPSession.Limits()
    limits.idleMilliseconds = 50
    let server = try MailServer()
    let session = try session(server, limits: limits)
    try session.submit([try mail()])
    #expect(server.wait { $0.ends == 1 })
    try session.submit([try mail(2)])
    #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    session.close()
    #expect(server.connections == 2 && server.mails.count == 2)
  }

  @Test("more than may be open is refused as a whole; what waits past its deadline is not sent")
  func bounds() throws {
    var limits = SMTPSession.Limits()
    limits.maximumOpen = 3
    let server = try MailServer(.init(replies: ["MAIL": ["!silent"]]))
    let session = try session(server, limits: limits) { $0.maximumConnections = 1 }
    try session.submit([try mail(1), try mail(2, deadline: 1)])
    let error = #expect(throws: SMTPError.self) { try session.submit([try mail(3), try mail(4)]) }
    #expect(error?.code == .full && session.openCount == 2)
    #expect(server.wait { $0.commands.contains { $0.hasPrefix("MAIL") } })
    session.cancel([1, 2])
    #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    session.close()
    let results = Dictionary(uniqueKeysWithValues: log.current.map { ($0.token, $0.result) })
    #expect(results == [1: .failure(SMTPFailure(.cancelled)), 2: .failure(SMTPFailure(.deadline))])
    #expect(throws: SMTPError.self) { try session.submit([try mail(5)]) }
    session.close()
  }

  @Test("a slow answer holds up nobody else")
  func slowAnswer() throws {
    let server = try MailServer(.init(replies: ["dot": ["!silent"]]))
    let session = try session(server) { $0.maximumConnections = 2 }
    try session.submit([try mail(1)])
    #expect(server.wait { $0.mails.count == 1 })
    try session.submit(try (2...30).map { try mail($0) })
    #expect(log.wait { $0.count == 29 })
    session.close()
    #expect(log.current.last?.result == .failure(SMTPFailure(.cancelled, isContentSent: true)))
  }

  @Test("submitting from many threads while others cancel completes every mail once")
  func race() async throws {
    let server = try MailServer()
    let session = try session(server)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<4 {
        group.addTask {
          for index in 0..<50 {
            let token = UInt64(thread * 50 + index)
            try session.submit([try mail(token)])
            if index % 3 == 0 { session.cancel([token]) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
    session.close()
    #expect(log.current.map(\.token).sorted() == Array(0..<200))
  }

  @Test("starting and ending again and again keeps no descriptor and no thread")
  func leaks() throws {
    let server = try MailServer()
    func open() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    for token in 1...30 {
      let session = try session(server)
      try session.submit([try mail(UInt64(token))])
      #expect(session.waitUntilIdle(timeout: SinkUnderTest.patience))
      session.close()
    }
    #expect(server.wait { $0.ends == 30 } && server.connections == 30)
    #expect(try open() < 400)
  }

  @Test("a setting beyond its bounds is named")
  func settings() throws {
    let server = try MailServer()
    let error = #expect(throws: SMTPError.self) { try session(server) { $0.maximumConnections = 0 } }
    #expect(error?.message == "maximumConnections is 0; allowed are 1 to 32")
  }
}
