import CivilTime
import EventModel
import Logging
import Store
import Synchronization

/// Renders chunks of sends and hands them to their sinks.
final class Sender: Sendable {
  private struct CachedPort {
    var revision: Int64
    var port: any SinkPort
  }

  /// An event on its way to its message.
  private struct Prepared {
    var facts: EventFacts
    /// Why its words are not in its reader's language; nil when they are.
    var fallback: String?
  }

  private let engine: Engine
  private let ports = Mutex<[SinkNumber: CachedPort]>([:])

  init(_ engine: Engine) { self.engine = engine }

  /// Renders a chunk and hands it over. Returns when the sink has taken it.
  func send(_ chunk: SendChunk) async {
    let port: any SinkPort
    switch await self.port(of: chunk.sink) {
    case .success(let found): port = found
    case .failure(let error): return fail(chunk.items.map(\.id), error, code: "sink-unavailable")
    }
    let prepared = prepare(chunk)
    let messages = await messages(chunk, prepared.map(\.facts))
    var ready: [(item: Int, message: Message)] = []
    ready.reserveCapacity(chunk.items.count)
    for (index, message) in messages.enumerated() {
      switch message {
      case .success(let message): ready.append((index, message))
      case .failure(let error): fail([chunk.items[index].id], error, code: "render-failed")
      }
    }
    handOver(chunk, prepared, ready, to: port)
  }

  /// Asks sinks to give up deliveries.
  func cancel(_ ids: [UInt64], at sink: SinkNumber) {
    ports.withLock { $0[sink]?.port }?.cancel(ids: ids)
  }

  /// The facts of each event, with the words chosen for it. A message that is kept from an earlier attempt keeps its words.
  private func prepare(_ chunk: SendChunk) -> [Prepared] {
    let plugins = engine.plugins
    var chooser = WordingChooser(engine.wordings.withLock { $0 }, sink: chunk.sink.name) {
      plugins.eventType(named: $0)?.wording ?? .none
    }
    return chunk.items.map { item in
      let words = item.event.rendered == nil ? chooser.choose(item.event) : ChosenWords()
      return Prepared(facts: facts(of: item.event, words.templatesJSON), fallback: words.fallback)
    }
  }

  private func handOver(
    _ chunk: SendChunk, _ prepared: [Prepared], _ ready: [(item: Int, message: Message)], to port: any SinkPort
  ) {
    let now = engine.now()
    let may = engine.core.withLock { core in
      core.confirm(
        ready.map {
          DispatchCore.Start(id: chunk.items[$0.item].id, message: $0.message, note: prepared[$0.item].fallback)
        }, now: now)
    }
    let limit = chunk.queue.sendDeadline
    var deliveries: [Delivery] = []
    var lateness: [TimeSpan] = []
    var fallbacks: [String: Int] = [:]
    for (start, isAllowed) in zip(ready, may) where isAllowed {
      let item = chunk.items[start.item]
      let facts = prepared[start.item].facts
      if prepared[start.item].fallback != nil { fallbacks[facts.type, default: 0] += 1 }
      let late = max(now.wall - item.event.dueAt, .zero)
      lateness.append(late)
      deliveries.append(
        Delivery(
          id: item.id, idempotencyKey: "\(facts.id)_\(chunk.sink.name)", endpoint: item.endpoint,
          carry: item.event.carry, attempt: item.event.attempt, timeLimit: limit,
          firstAttemptAt: item.event.firstAttemptAt ?? now.wall, lateness: late, event: facts,
          message: start.message))
    }
    guard !deliveries.isEmpty else { return }
    engine.observer.observe(.started(queue: chunk.queue.name, sink: chunk.sink.name, lateness: lateness))
    for (type, count) in fallbacks { engine.observer.observe(.wordingFallback(eventType: type, count: count)) }
    let (inbox, driver) = (engine.inbox, engine.signals.driver)
    let step = max(Int(chunk.queue.batch), 1)
    for start in stride(from: 0, to: deliveries.count, by: step) {
      port.deliver(Array(deliveries[start..<min(start + step, deliveries.count)])) { results in
        if inbox.append(results) { driver.kick() }
      }
    }
  }

  private func messages(_ chunk: SendChunk, _ facts: [EventFacts]) async -> [Result<Message, PortError>] {
    var messages = chunk.items.map { item -> Result<Message, PortError>? in item.event.rendered.map { .success($0) } }
    let unrendered = messages.indices.filter { messages[$0] == nil }
    for (type, group) in Dictionary(grouping: unrendered, by: { facts[$0].type }) {
      let answers: [Result<Message, PortError>]
      if type == DigestRules.eventType {
        answers = await digests(group.map { facts[$0] }, sink: chunk.sink)
      } else if let eventType = engine.plugins.eventType(named: type) {
        answers = await eventType.render(group.map { facts[$0] })
      } else {
        let error = PortError(.unavailable, "no plugin provides the event type \"\(type)\"")
        answers = group.map { _ in .failure(error) }
      }
      for (index, answer) in zip(group, answers) {
        messages[index] = facts[index].isTest ? answer.map(TestMark.mark) : answer
      }
    }
    return messages.map { $0 ?? .failure(PortError(.failed, "the event type answered no message")) }
  }

  private func port(of sink: Sink) async -> Result<any SinkPort, PortError> {
    if let cached = ports.withLock({ $0[sink.number] }), cached.revision == sink.revision {
      return .success(cached.port)
    }
    let made = await engine.plugins.sink(sink)
    if case .success(let port) = made {
      ports.withLock { $0[sink.number] = CachedPort(revision: sink.revision, port: port) }
    }
    return made
  }

  private func fail(_ ids: [UInt64], _ error: PortError, code: String) {
    engine.core.withLock { $0.fail(ids, error, code: code, now: engine.now()) }
    engine.signals.driver.kick()
  }

  /// Renders what is in digests, each event by its own type and in its reader's words, and puts it together.
  private func digests(_ facts: [EventFacts], sink: Sink) async -> [Result<Message, PortError>] {
    var messages: [Result<Message, PortError>] = []
    for digest in facts { messages.append(await self.digest(digest, sink)) }
    return messages
  }

  private func digest(_ digest: EventFacts, _ sink: Sink) async -> Result<Message, PortError> {
    guard let identity = EventIdentity(text: digest.id) else {
      return .failure(PortError(.invalid, "the digest has no schedule"))
    }
    let events: [LoadedEvent]
    do {
      events = try await engine.store.digestItems(of: identity.schedule)
    } catch {
      return .failure(PortError(.failed, "the digest's events cannot be read: \(error.message)"))
    }
    guard !events.isEmpty else { return .failure(PortError(.invalid, "nothing of the digest is left")) }
    let items = events.map { SendChunk.Item(id: 0, event: $0, endpoint: "") }
    let chunk = SendChunk(sink: sink, queue: .normal, items: items)
    let facts = prepare(chunk).map(\.facts)
    let rendered = await messages(chunk, facts)
    var parts: [DigestMessage.Part] = []
    for (item, message) in zip(facts, rendered) {
      switch message {
      case .success(let message): parts.append(DigestMessage.Part(facts: item, message: message))
      // One that cannot be rendered would be lost in it: all of it waits, as one of its own would.
      case .failure(let error): return .failure(error)
      }
    }
    return .success(DigestMessage.message(parts))
  }

  private func facts(of event: LoadedEvent, _ templatesJSON: String) -> EventFacts {
    let (timeZone, local) = self.local(of: event)
    return EventFacts(
      id: event.identity.text, namespace: event.namespace, type: event.eventType, scheduleID: event.scheduleID,
      occurrenceKey: event.identity.key, timeZone: timeZone, user: event.user, definitionJSON: event.definitionJSON,
      local: local, due: event.dueAt, isTest: event.isTest, templatesJSON: templatesJSON)
  }

  /// The due time as the event's zone shows it. Should the zone's file have gone since it was planned, the event is
  /// sent all the same, its local time in UTC and marked so.
  private func local(of event: LoadedEvent) -> (String, CivilFields) {
    do {
      return (event.timeZone, try civil(event.dueAt, in: event.timeZone))
    } catch {
      engine.logger.warning(
        "the time zone of an event cannot be read; its local time is given in UTC", metadata: ["error": "\(error)"])
      let fields = try? civil(event.dueAt, in: "UTC")
      return ("UTC", fields ?? CivilFields(year: 1970, month: 1, day: 1))
    }
  }

  private func civil(_ instant: Timestamp, in zone: String) throws(CivilTimeError) -> CivilFields {
    CivilFields(try engine.zones.zone(named: zone).civil(at: try UnixTime(microseconds: instant.microseconds)))
  }
}
