import AuthorDesk
import EventModel
import PluginHost

/// Feeds a sink, and shows what became of each delivery.
struct SinkRun {
  let command: PluginRun
  let around: Surroundings
  let desk: PluginDesk

  /// - Throws: when an event is malformed, the sink is not to be had, or not all was delivered.
  func perform(_ printer: Printer) async throws(CtlError) {
    // Before the sink is activated: nobody is connected to for a file that is not there.
    let source = try EventSource(command.events, maxBatch: command.batch)
    let sink: SinkDesk
    do throws(DeskError) { sink = try await SinkDesk(desk, name: desk.plugin.manifest.name) } catch {
      throw CtlError(error)
    }
    var rows = RunRows(printer, columns: Self.columns)
    var (sent, delivered) = (0, 0)
    let maker = EventLine(
      limit: command.limit.duration, now: Timestamp(microseconds: around.now() * 1_000), zones: desk.zones)
    while let batch = try source.next() {
      var deliveries: [Delivery] = []
      for line in batch { deliveries.append(try maker.delivery(line.value, line: line.number)) }
      let outcomes = await sink.deliver(deliveries)
      rows.add(zip(deliveries, outcomes).map(Self.row))
      sent += outcomes.count
      delivered += outcomes.count { $0.result.verdict == .delivered }
    }
    try rows.finish()
    do throws(DeskError) { try await sink.close() } catch { throw CtlError(error) }
    if sent == 0 { around.errors.line("\(command.events ?? "the file") has no events: nothing was sent") }
    guard delivered == sent else {
      throw CtlError(delivered == 0 ? .failed : .partial, "\(sent - delivered) of \(sent) were not delivered")
    }
  }

  private static let columns: [Table.Column] = [
    .init("LINE", isRight: true), .init("KEY"), .init("OUTCOME"), .init("CODE"), .init("RECEIPT"),
    .init("TIME", isRight: true), .init("DETAIL"), .init("CARRY", isWide: true),
  ]

  private static func row(_ delivery: Delivery, _ outcome: DeskOutcome) -> RunRows.Row {
    let result = outcome.result
    let verdict = word(result.verdict)
    let wait = result.retryAfter.map { $0.microseconds / 1_000 }
    let microseconds = Int(outcome.elapsed / .microseconds(1))
    let text = { (text: String) in Table.Cell(text.isEmpty ? ValueText.none : text) }
    return RunRows.Row(
      name: delivery.idempotencyKey,
      cells: [
        .init("\(delivery.id)"), text(delivery.idempotencyKey), .init(verdict, style(result.verdict)),
        text(result.code), text(result.externalID), .init(time(microseconds: microseconds)),
        text(result.detail + (wait.map { result.detail.isEmpty ? "after \($0) ms" : "; after \($0) ms" } ?? "")),
        text(result.carry),
      ],
      document: .object([
        ("line", .integer(Int64(clamping: delivery.id))), ("key", .string(delivery.idempotencyKey)),
        ("outcome", .string(verdict)), ("code", .string(result.code)), ("receipt", .string(result.externalID)),
        ("elapsed_ms", .number(decimal(microseconds, digits: 3))), ("detail", .string(result.detail)),
        ("retry_after_ms", wait.map(JSONValue.integer) ?? .null), ("carry", .string(result.carry)),
      ]))
  }

  /// For people: as long as it needs to be compared.
  static func time(microseconds: Int) -> String {
    switch microseconds {
    case ..<10_000: "\(decimal(microseconds / 10, digits: 2)) ms"
    case ..<1_000_000: "\(microseconds / 1_000) ms"
    default: "\(decimal(microseconds / 10_000, digits: 2)) s"
    }
  }

  /// A number of tenths, hundredths or thousandths, as a decimal number.
  private static func decimal(_ count: Int, digits: Int) -> String {
    let unit = (0..<digits).reduce(1) { product, _ in product * 10 }
    return "\(count / unit).\(String(count % unit + unit).dropFirst())"
  }

  private static func word(_ verdict: DeliveryResult.Verdict) -> String {
    switch verdict {
    case .endpointDisabled: "endpoint-disabled"
    case .sinkDisabled: "sink-disabled"
    default: verdict.rawValue
    }
  }

  private static func style(_ verdict: DeliveryResult.Verdict) -> Style? {
    switch verdict {
    case .delivered: .good
    case .retry, .throttled, .cancelled: nil
    case .permanent, .endpointDisabled, .sinkDisabled, .unknown: .bad
    }
  }
}
