import CPluginAPI

/// One occurrence as a plugin emitted it.
struct SeenOccurrence: Sendable, Equatable {
  var request: Int
  var kind: Int32
  var civil: [Int32]
  var instant: Int64
  var ordinal: UInt64
  var key: [UInt8]
  var flags: UInt32

  var keyText: String { Excerpt.of(key) }
  /// For comparing and for messages.
  var text: String {
    let when = kind == CARILLON_OCCURRENCE_CIVIL ? civil.map { "\($0)" }.joined(separator: "-") : "\(instant)"
    return "\(ordinal) \(when) \(keyText)"
  }
}

/// One message as a plugin emitted it.
struct SeenMessage: Sendable, Equatable {
  var event: Int
  var title: [UInt8]
  var text: [UInt8]
  var html: [UInt8]
  var contentType: [UInt8]
  var data: [UInt8]

  var parts: [(name: String, bytes: [UInt8])] {
    [("title", title), ("text", text), ("html", html), ("content_type", contentType), ("data", data)]
  }
}

/// Takes what `next` or `render` emits.
final class Emitted<Item> {
  var items: [Item] = []
  /// Emitted after the answer was STOP.
  var afterStop = 0
  var nullPointers = 0
  /// Answers STOP to this one and to all after it.
  var stopsAt: Int

  init(stopsAt: Int) { self.stopsAt = stopsAt }

  func take(_ item: Item?) -> carillon_status {
    guard let item else {
      nullPointers += 1
      return CARILLON_STOP
    }
    // Bounded: an endless series must not fill the memory.
    if items.count >= min(stopsAt, 200_000) {
      afterStop += 1
      return CARILLON_STOP
    }
    items.append(item)
    return items.count >= stopsAt ? CARILLON_STOP : CARILLON_OK
  }
}

/// An instance of an event type.
struct EventTypeInstance: @unchecked Sendable {
  // Unchecked: C function pointers and the plugin's own pointer, called within the contract.
  let table: carillon_event_type_1
  let calls: Calls
  let instance: OpaquePointer

  struct NextAnswer {
    var answer: Answer
    var emitted: Emitted<SeenOccurrence>
    var items: [SeenOccurrence] { emitted.items }
    func items(of request: Int) -> [SeenOccurrence] { emitted.items.filter { $0.request == request } }
  }

  func validate(_ definition: String, _ mode: CallMemory.Mode = .plain) -> Answer {
    let memory = CallMemory(mode)
    defer { memory.end() }
    return Answer.of("validate", calls) { table.validate(instance, memory.text(definition), $0) }
  }

  /// Asks for occurrences.
  func next(
    _ requests: [NextRequest], mode: CallMemory.Mode = .plain, shape: Shape = .init(), stopsAt: Int = .max
  ) -> NextAnswer {
    let memory = CallMemory(mode)
    defer { memory.end() }
    let emitted = Emitted<SeenOccurrence>(stopsAt: stopsAt)
    let list = memory.list(requests.map { Optional($0.write(memory, shape)) })
    let answer = Answer.of("next", calls) { error in
      table.next(
        instance, list, requests.count, Self.takeOccurrence, Unmanaged.passUnretained(emitted).toOpaque(), error)
    }
    return NextAnswer(answer: answer, emitted: emitted)
  }

  struct RenderAnswer {
    var answer: Answer
    var emitted: Emitted<SeenMessage>
    var items: [SeenMessage] { emitted.items }
  }

  /// Asks for messages.
  func render(
    _ events: [EventSample], mode: CallMemory.Mode = .plain, shape: Shape = .init(), stopsAt: Int = .max
  ) -> RenderAnswer {
    let memory = CallMemory(mode)
    defer { memory.end() }
    let emitted = Emitted<SeenMessage>(stopsAt: stopsAt)
    let list = memory.list(events.map { Optional($0.write(memory, shape)) })
    let answer = Answer.of("render", calls) { error in
      table.render(instance, list, events.count, Self.takeMessage, Unmanaged.passUnretained(emitted).toOpaque(), error)
    }
    return RenderAnswer(answer: answer, emitted: emitted)
  }

  func destroy() { calls.run("destroy") { table.destroy(instance) } }

  private static let takeOccurrence: carillon_emit_occurrence = { context, request, pointer in
    guard let context else { return CARILLON_STOP }
    let emitted = Unmanaged<Emitted<SeenOccurrence>>.fromOpaque(context).takeUnretainedValue()
    guard let pointer else { return emitted.take(nil) }
    let value = Foreign.read(pointer, zero: carillon_occurrence())
    let civil = value.civil
    return emitted.take(
      SeenOccurrence(
        request: request, kind: value.kind,
        civil: [
          civil.year, Int32(civil.month), Int32(civil.day), Int32(civil.hour), Int32(civil.minute),
          Int32(civil.second), Int32(civil.fold),
        ], instant: value.instant_ns, ordinal: value.ordinal, key: value.key.copied, flags: value.flags))
  }

  private static let takeMessage: carillon_emit_message = { context, event, pointer in
    guard let context else { return CARILLON_STOP }
    let emitted = Unmanaged<Emitted<SeenMessage>>.fromOpaque(context).takeUnretainedValue()
    guard let pointer else { return emitted.take(nil) }
    let value = Foreign.read(pointer, zero: carillon_message())
    return emitted.take(
      SeenMessage(
        event: event, title: value.title.copied, text: value.text.copied, html: value.html.copied,
        contentType: value.content_type.copied, data: value.data.copied))
  }
}

extension StartedPlugin {
  /// Makes an instance of the event type.
  func createEventType(
    _ name: String, _ configuration: String, _ mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) -> (answer: Answer, instance: EventTypeInstance?) {
    let table = try eventType()
    allow(name, configuration: configuration)
    let made = create(table.create, name, configuration, CallMemory(mode))
    return (made.answer, made.instance.map { EventTypeInstance(table: table, calls: calls, instance: $0) })
  }

  typealias Create =
    @convention(c) (
      carillon_str, carillon_str, UnsafeMutablePointer<OpaquePointer?>?, OpaquePointer?
    ) -> carillon_status

  func create(
    _ function: Create?, _ name: String, _ configuration: String, _ memory: CallMemory
  ) -> (answer: Answer, instance: OpaquePointer?) {
    var instance: OpaquePointer?
    defer { memory.end() }
    let answer = Answer.of("create", calls) { error in
      function?(memory.text(name), memory.text(configuration), &instance, error) ?? CARILLON_FAILED
    }
    return (answer, answer.isOK ? instance : nil)
  }
}
