import CPluginAPI
import PluginHost

/// Texts as they seldom are.
enum OddTexts {
  /// Scripts that run the other way, marks, characters beyond 16 bits, control characters, a NUL, and much of all.
  static let names = [
    "Ünïcödé ñame", "שלום עולם", "مرحبا", "👩🏽‍🚀 𝕏", "e\u{301}\u{300}\u{327}", "\u{202e}evil", "line\nbreak\ttab",
    "nul\0inside",
    "%s%n%d", "'; drop table --", "\u{feff}bom", String(repeating: "long ", count: 20_000),
  ]

  /// {NULL, 0} wherever a text may be empty.
  @Sendable static func empty(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    if manifest.isEventType {
      let type = try context.eventType()
      let definition = try context.definition(type)
      for seen in try context.series(definition, type, maximum: 3) {
        var event = context.event(seen, definition, type)
        (event.locale, event.templates, event.schedule, event.user, event.isEmptyNull) = ("", "", "", "{}", true)
        // Whether it can say anything about nobody is its own affair; it must not fall over.
        let answer = type.instance.render([event])
        context.expect(answer.items.count <= 1, "render gave \(answer.items.count) messages for one event")
      }
    }
    guard manifest.isSink else { return }
    let sink = try context.activeSink()
    var sample = context.samples(1, sink)[0]
    (sample.isEmptyNull, sample.event.isEmptyNull, sample.message.isEmptyNull) = (true, true, true)
    (sample.carry, sample.event.locale, sample.event.templates) = ("", "", "")
    (sample.event.user, sample.event.definition) = ("{}", "{}")
    (sample.message.html, sample.message.data, sample.message.contentType) = ("", "", "")
    var bare = sample
    (bare.endpoint, bare.message.text, bare.message.title, bare.event.schedule) = ("", "", "", "")
    try deliver([sample, bare], sink, context)
  }

  /// Long and strange ones.
  @Sendable static func odd(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    for maker in try InstanceMaker.of(context) {
      for name in names { (try maker.make(name, maker.configuration)).instance?.destroy() }
    }
    if manifest.isEventType {
      let type = try context.eventType()
      let definition = try context.definition(type)
      let seen = try context.series(definition, type, maximum: 1)[0]
      for name in names {
        var event = context.event(seen, definition, type)
        (event.schedule, event.type, event.locale) = (name, name, name)
        context.expect(
          type.instance.render([event]).items.count <= 1, "render gave several messages for one event")
      }
    }
    guard manifest.isSink else { return }
    let sink = try context.activeSink()
    var samples = context.samples(names.count, sink)
    for (index, name) in names.enumerated() {
      (samples[index].message.title, samples[index].message.text) = (name, name)
      (samples[index].message.data, samples[index].event.schedule) = (name, name)
      samples[index].carry = String(name.prefix(1_000))
    }
    try deliver(samples, sink, context)
  }

  private static func deliver(
    _ samples: [DeliverySample], _ sink: ReadySink, _ context: CaseContext
  ) throws(CaseEnd) {
    let batch = sink.instance.deliver(samples, limitMilliseconds: DeliveryCases.limitMilliseconds)
    let open = sink.instance.settle(batch)
    context.expectInTime(open == 0, "\(open) of \(samples.count) deliveries were not completed")
    sink.instance.deactivate()
    sink.instance.destroy()
  }
}

/// Two instances at once.
enum InstancePairs {
  @Sendable static func check(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    if manifest.isEventType {
      let type = try context.eventType()
      let definition = try context.definition(type)
      let before = try context.series(definition, type, maximum: 20)
      let other = try type.plugin.createEventType("other", type.configuration)
      guard let second = other.instance else { throw .failed("a second create answered \(other.answer.text)") }
      context.expect(
        second.next([context.request(definition, type, maximum: 20)]).items == before,
        "a second instance answers another series")
      second.destroy()
      context.expect(
        try context.series(definition, type, maximum: 20) == before,
        "an instance answers another series once another one has ended")
    }
    guard manifest.isSink else { return }
    try sinks(context)
  }

  private static func sinks(_ context: CaseContext) throws(CaseEnd) {
    let first = try context.activeSink()
    let made = try first.plugin.createSink("other", first.configuration)
    guard let second = made.instance else { throw .failed("a second create answered \(made.answer.text)") }
    let activated = second.activate()
    guard activated.isOK else { throw .failed("activate of a second instance answered \(activated.text)") }
    let limit = DeliveryCases.limitMilliseconds
    let a = first.instance.deliver(context.samples(5, first, "a"), limitMilliseconds: limit)
    let b = second.deliver(context.samples(5, first, "b"), limitMilliseconds: limit)
    let openOfB = second.settle(b)
    context.expectInTime(openOfB == 0, "\(openOfB) deliveries of the second of two instances were not completed")
    second.deactivate()
    second.destroy()
    first.instance.tickets.contents.with { $0.isActive = true }
    let openOfA = first.instance.settle(a)
    let c = first.instance.deliver(context.samples(5, first, "c"), limitMilliseconds: limit)
    let openOfC = first.instance.settle(c)
    context.expectInTime(
      openOfA + openOfC == 0,
      "\(openOfA + openOfC) deliveries of an instance were not completed once another one had ended")
    first.instance.deactivate()
    first.instance.destroy()
  }
}
