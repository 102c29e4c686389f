import CPluginAPI
import EventModel
import FoundationEssentials
import RunnerProtocol
import SwiftProtobuf

/// What the host is to a plugin in a process of its own: it takes results and lines, and answers what the plugin asks.
struct RunnerDesk: Sendable {
  typealias Answer = Carillon_Runner_V1_Answer

  let log: PluginLog
  let time: TimeService
  let secrets: SecretTable
  let tickets: TicketTable
  let metrics: MetricsService
  let json = JSONService()

  /// Most labels of a metric that are looked at.
  private static let maximumLabels = 64
  /// Longest name of an instance, in bytes.
  private static let maximumNameBytes = 256

  /// Results of deliveries. Those of tickets that are not open are dropped: they were closed before.
  func complete(_ message: Carillon_Runner_V1_Complete) {
    guard !message.results.isEmpty else { return }
    let borrowed = BorrowedBytes()
    let results = message.results.map { result in
      carillon_result(
        struct_size: carillon_result.fullSize, outcome: result.outcome, retry_after_ms: result.retryAfterMs,
        code: borrowed.lend(result.code), detail: borrowed.lend(result.detail), receipt: borrowed.lend(result.receipt),
        carry: borrowed.lend(result.carry))
    }
    let ids = message.results.map(\.ticket)
    withExtendedLifetime(borrowed) {
      ids.withUnsafeBufferPointer { ids in
        results.withUnsafeBufferPointer { results in
          let pointers = results.indices.map { index in results.baseAddress.map { $0 + index } }
          pointers.withUnsafeBufferPointer { _ = tickets.complete(ids, $0) }
        }
      }
    }
  }

  /// A line of the plugin's.
  func log(_ line: Carillon_Runner_V1_Log) {
    let borrowed = BorrowedBytes()
    withExtendedLifetime(borrowed) {
      LogInterface.write(log, line.level, borrowed.lend(line.instance), borrowed.lend(line.message))
    }
  }

  /// A metric that changed.
  func change(_ metric: Carillon_Runner_V1_Metric) {
    // What breaks a rule was refused in the plugin's process, where it can be told; here it is dropped.
    guard metric.labels.count <= Self.maximumLabels else { return }
    _ = metrics.change(
      metric: metric.metric, value: metric.value, labels: metric.labels.map { String(decoding: $0, as: UTF8.self) })
  }

  /// Answers what only the host can.
  func answer(_ ask: Carillon_Runner_V1_Ask) -> Answer {
    var answer = Answer()
    answer.id = ask.id
    let borrowed = BorrowedBytes()
    withExtendedLifetime(borrowed) {
      switch ask.kind {
      case .secret(let secret):
        resolve(borrowed.lend(secret.instance), borrowed.lend(secret.reference), &answer)
      case .instant(let ask): instant(ask, borrowed.lend(ask.timeZone), &answer)
      case .civilTime(let ask): civil(ask, borrowed.lend(ask.timeZone), &answer)
      case .json(let ask): self.json(ask, borrowed.lend(ask.document), borrowed.lend(ask.pointer), &answer)
      case .defineMetric(let ask): define(ask, &answer)
      case nil: answer.status = CARILLON_UNSUPPORTED
      }
    }
    return answer
  }

  private func define(_ ask: Carillon_Runner_V1_DefineMetric, _ answer: inout Answer) {
    do throws(PluginHostError) {
      answer.metric = try metrics.define(
        kind: ask.kind, name: String(decoding: ask.name, as: UTF8.self),
        help: String(decoding: ask.help, as: UTF8.self),
        labels: ask.labels.map { String(decoding: $0, as: UTF8.self) }, bounds: ask.bounds)
    } catch {
      answer.status = MetricsService.status(error)
      answer.fault = .text(answer.status, error.message)
    }
  }

  private func resolve(_ instance: carillon_str, _ reference: carillon_str, _ answer: inout Answer) {
    guard instance.len <= Self.maximumNameBytes, reference.len <= SecretResolver.maximumReferenceBytes else {
      answer.status = CARILLON_INVALID
      return
    }
    let found = secrets.resolve(
      instance.text(maximumBytes: Self.maximumNameBytes),
      reference.text(maximumBytes: SecretResolver.maximumReferenceBytes)
    ) { secret in answer.text = .init(buffer: secret) }
    answer.status = found.status
    if found.status != CARILLON_OK { answer.fault = .text(found.status, found.why) }
  }

  private func instant(_ ask: Carillon_Runner_V1_Instant, _ zone: carillon_str, _ answer: inout Answer) {
    let civil = carillon_civil(ask.civil)
    answer.status = TimeInterface.instant(time, zone, civil, ask.gap, ask.fold, &answer.instantNs)
  }

  private func civil(_ ask: Carillon_Runner_V1_CivilTime, _ zone: carillon_str, _ answer: inout Answer) {
    var civil = carillon_civil()
    answer.status = TimeInterface.civil(time, zone, ask.instantNs, &civil)
    if answer.status == CARILLON_OK { answer.civil = .init(civil) }
  }

  private func json(
    _ ask: Carillon_Runner_V1_JSON, _ document: carillon_str, _ pointer: carillon_str, _ answer: inout Answer
  ) {
    do throws(PluginHostError) {
      if ask.what == .quote {
        let quoted = JSONInterface.quoted(document)
        answer.status = quoted == nil ? CARILLON_INVALID : CARILLON_OK
        answer.text = .init((quoted ?? "").utf8)
        return
      }
      guard let value = try json.find(document, pointer) else {
        answer.status = CARILLON_NOT_FOUND
        return
      }
      describe(value, ask, &answer)
    } catch {
      answer.status = CARILLON_INVALID
      answer.fault = .text(CARILLON_INVALID, error.message)
    }
  }

  private func describe(_ value: JSONValue, _ ask: Carillon_Runner_V1_JSON, _ answer: inout Answer) {
    switch ask.what {
    case .text: answer.text = .init(JSONInterface.text(of: value).utf8)
    case .name:
      guard let name = JSONInterface.name(of: value, ask.index) else {
        answer.status = CARILLON_NOT_FOUND
        return
      }
      answer.text = .init(name.utf8)
    default:
      let facts = value.described
      (answer.jsonKind, answer.integer, answer.number, answer.count) =
        (facts.kind, facts.integer, facts.number, facts.count)
    }
  }
}
