import ArgumentParser

/// `ctl listen`
struct ListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen", abstract: "Receive webhooks, Discord messages and mails on this machine, and show them.",
    discussion: """
      A webhook is answered 204, and 401 where its signature does not hold. A request to /api/webhooks/ID/TOKEN is
      answered as Discord answers, with its limits on sizes and rates. With --smtp it takes mails too, in plain text.
      Interrupt it to end; the sums go to standard error.

      Examples:
        ctl listen --port 8080 --secret-file partner.key
        ctl listen --port 0 --count 10 -o jsonl
        ctl listen --port 8080 --smtp 2525
        ctl listen --port 8080 --count 10 --within 60s --summary
        ctl listen --port 8080 --fail-first 3 --fail-status 429 --retry-after 5

      A webhook sink reaches this machine only when it is allowed to:
        ctl sink create here --plugin webhook --set url=http://127.0.0.1:8080/ \\
          --set 'allow_addresses=["127.0.0.0/8"]'
        ctl sink create chat --plugin discord --set url=http://127.0.0.1:8080/api/webhooks/1/token \\
          --set 'allow_addresses=["127.0.0.0/8"]'
        ctl sink create mail --plugin email --address-kind email --set host=127.0.0.1 --set port=2525 \\
          --set tls=none --set from=bells@example.org
      """)

  @Option(help: "Port; 0 takes a free one.") var port = 8_080
  @Option(help: "Port for mails (SMTP); 0 takes a free one.") var smtp: Int?
  @Option(help: "Address to listen on; other machines reach it only if you name one of theirs.") var host = "127.0.0.1"
  @Option(help: "Signing secret, whsec_…; repeatable while a secret is rotated.") var secret: [String] = []
  @Option(help: "File with the signing secret; keeps it out of the process list.") var secretFile: String?
  @Option(help: "Status to answer.") var status = 204
  @Option(help: "Answer the first so many requests with --fail-status.") var failFirst = 0
  @Option(help: "Status of a failure.") var failStatus = 503
  @Option(help: "Retry-After of every answer, in seconds.") var retryAfter: Int?
  @Option(help: "Wait before each answer, such as 250ms.") var delay = TimeSpan(milliseconds: 0)
  @Option(help: "End after so many requests.") var count: Int?
  @Option(name: .long, help: "End after this time, such as 30s; exit 7 when --count is not reached.") var within:
    TimeSpan?
  @Option(name: .shortAndLong, help: "Form of the output: table, json or jsonl.") var output = OutputFormat.table
  @Flag(help: "The same as -o jsonl.") var jsonl = false
  @Flag(help: "One table at the end, instead of a line for each request.") var summary = false
  @Option(help: "Colour: auto, always or never.") var color = ColourChoice.auto
  @Option(help: "Zone in which times are shown (default: the machine's).") var tz: String?

  func validate() throws {
    for (name, value) in [("--port", port), ("--smtp", smtp ?? 0)] where !(0...65_535 ~= value) {
      throw ValidationError("\(name): must be 0 to 65535")
    }
    for (name, value) in [("--status", status), ("--fail-status", failStatus)] where !(200...599 ~= value) {
      throw ValidationError("\(name): must be 200 to 599")
    }
    if let retryAfter, retryAfter < 0 { throw ValidationError("--retry-after: must be 0 or more") }
    if let count, count < 1 { throw ValidationError("--count: must be 1 or more") }
    guard failFirst >= 0 else { throw ValidationError("--fail-first: must be 0 or more") }
  }

  func run() async throws {
    let around = Surroundings.current
    let zone = try ZoneClock(named: tz)
    let paint = Paint(isOn: color.isOn(isTerminal: around.isOutputTerminal, environment: around.environment))
    let isForPrograms = jsonl || output.isForPrograms
    let end = EndSignal()
    let table = summary ? ReceivedSummary() : nil
    let core = ReceiverCore(
      verifier: WebhookVerifier(secrets: try secrets()), plan: plan, clock: around.now,
      tell: { received in
        if let table { return table.add(received) }
        let lines = isForPrograms ? [received.json.compact] : received.lines(zone: zone, paint: paint)
        around.output.write(lines.map { $0 + "\n" }.joined())
      },
      flush: { around.output.flush() }, limit: count, onLimit: { end.signal(.count) })
    let receiver = try await Receiver.start(host: host, port: port, smtp: smtp, core: core)
    around.errors.line("listening on http://\(host):\(receiver.port)")
    if let port = receiver.smtpPort { around.errors.line("listening on smtp://\(host):\(port)") }
    let reason = await end.wait(within: within)
    await receiver.stop()
    for line in table?.lines(paint: paint) ?? [] { around.output.line(line) }
    around.output.flush()
    around.errors.line(Self.sums(core.total))
    if reason == .time, let count, core.total.received < count {
      throw CtlError(.timeout, "\(core.total.received) of \(count) requests came in time")
    }
  }

  private var plan: AnswerPlan {
    AnswerPlan(
      usual: .init(status: status, retryAfterSeconds: retryAfter, delayMilliseconds: Int(delay.milliseconds)),
      failFirst: failFirst, failStatus: failStatus)
  }

  private func secrets() throws(CtlError) -> [WebhookSecret] {
    var secrets: [WebhookSecret] = []
    for text in secret { secrets.append(try WebhookSecret(text)) }
    if let secretFile {
      let bytes = try InputFile(secretFile).readAll(maxBytes: 4_096)
      let text = String(decoding: bytes, as: UTF8.self)
      secrets.append(try WebhookSecret(TextValue.singleLine(text)))
    }
    return secrets
  }

  private static func sums(_ counts: ReceiverCore.Counts) -> String {
    "\(counts.received) received, \(counts.verified) verified, \(counts.refused) refused"
  }
}
