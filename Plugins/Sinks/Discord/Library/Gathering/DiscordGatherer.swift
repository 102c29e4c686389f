import PluginKit0

/// Makes messages of events: decides for each event whether it goes now, waits here a moment for companions, or comes back at
/// a slot that it shares with the others of its message. Pure; the caller tells the time, in milliseconds of the steady clock.
///
/// Nobody's place is kept by name: what comes back at its slot joins those that wait, and the next message takes the first of
/// them. So companions may come late, in any order, or never, and no message waits for long or goes half empty for it.
struct DiscordGatherer: Sendable {
  /// How messages are made up.
  struct Settings: Sendable, Hashable {
    /// The most events in one message, 1 to 10.
    var events: Int
    /// How long an event waits for others that may come, in milliseconds.
    var waitMilliseconds: Int64
    /// Names this process in carries.
    var run: UInt64 = 0
  }

  /// Everything that is to be done outside.
  struct Actions: Sendable {
    var sends: [DiscordDispatch] = []
    var ended: [Completion] = []
    /// Messages whose events were all cancelled.
    var cancels: [UInt64] = []
  }

  /// The longest that an event waits here, in milliseconds.
  static let longestHold: Int64 = 8_000
  /// How long a message that is not full waits for others that are certain to come: somebody has a slot.
  static let patience: Int64 = 3_000
  /// How long what was in a message that may stand in the channel waits for the rest of it: as long as the host may spread
  /// what was told the same wait, a tenth of ``DiscordBackoff/capMilliseconds``.
  static let patienceAgain: Int64 = 6_000
  /// Events that wait here for one message or the next ones.
  static let maximumPool = 60
  /// Events that wait here in all.
  static let maximumHeld = 2_000
  /// Lines that are remembered for the slots they fill; beyond these the idle ones are forgotten.
  static let maximumLines = 10_000
  /// Webhooks that are known to be gone.
  static let maximumGone = 10_000
  /// A slot that begins sooner is not filled any more: its companions would come too late.
  static let leastLead: Int64 = 20
  /// A host's clock may be so much off ours over a long wait.
  static let toleratedEarliness: Int64 = 1_000

  let settings: Settings
  var lines: [DiscordLineKey: DiscordLine] = [:]
  /// Lines with something that waits here.
  var active: Set<DiscordLineKey> = []
  var flights: [UInt64: DiscordDispatch] = [:]
  /// Events under way that the host wants cancelled.
  var calledOff: Set<Ticket> = []
  var gone: [DiscordRateBook.Key: String] = [:]
  /// The configuration's address: its end is the sink's end.
  var ownAddress: WebhookAddress?
  private(set) var held = 0
  private(set) var isClosed = false
  private var lastID: UInt64 = 0

  init(settings: Settings, ownAddress: WebhookAddress?) {
    self.settings = settings
    self.ownAddress = ownAddress
  }

  /// Events that were taken and have not ended.
  var openCount: Int { held + flights.values.reduce(0) { $0 + $1.items.count } }

  /// Takes no more, and gives up what waits here. What is under way still comes to its end.
  mutating func close() -> [Completion] {
    isClosed = true
    let ended = lines.values.flatMap { line in (line.ready.joined() + line.pool).map(\.ticket) }
    lines = [:]
    active = []
    held = 0
    return ended.map { Completion($0, DeliveryResult(.cancelled, code: "cancelled", detail: "the sink stops")) }
  }

  /// Gives these up, where they were not sent.
  mutating func cancel(_ tickets: Set<Ticket>) -> Actions {
    var actions = Actions()
    for key in active {
      let removed = lines[key]?.remove { tickets.contains($0.ticket) } ?? []
      held -= removed.count
      actions.ended += removed.map { Completion($0.ticket, DeliveryResult(.cancelled, code: "cancelled")) }
      settle(key)
    }
    // A message goes on for the sake of the others in it.
    for (id, flight) in flights where flight.items.contains(where: { tickets.contains($0.ticket) }) {
      calledOff.formUnion(flight.items.map(\.ticket).filter(tickets.contains))
      if flight.items.allSatisfy({ calledOff.contains($0.ticket) }) { actions.cancels.append(id) }
    }
    return actions
  }

  // MARK: the parts' common steps

  /// Puts an event among those that wait here.
  mutating func hold(_ item: DiscordItem, _ key: DiscordLineKey) {
    lines[key, default: DiscordLine(limit: settings.events)].add(item)
    held += 1
    active.insert(key)
  }

  /// Puts a message that is made up already among those that wait here.
  mutating func hold(message items: [DiscordItem], _ key: DiscordLineKey) {
    lines[key, default: DiscordLine(limit: settings.events)].add(message: items)
    held += items.count
    active.insert(key)
  }

  /// Takes the line's next message out.
  mutating func take(_ key: DiscordLineKey) -> DiscordDispatch? {
    guard let items = lines[key]?.take(), !items.isEmpty else { return nil }
    held -= items.count
    settle(key)
    lastID += 1
    let dispatch = DiscordDispatch(id: lastID, key: key, items: items)
    flights[lastID] = dispatch
    return dispatch
  }

  /// Takes events out that meet a condition.
  mutating func takeOut(_ key: DiscordLineKey, where condition: (DiscordItem) -> Bool) -> [DiscordItem] {
    let items = lines[key]?.remove(where: condition) ?? []
    held -= items.count
    settle(key)
    return items
  }

  /// Ends an event's attempt: later, at a slot that it shares with as many others as fit into one message.
  mutating func later(
    _ item: DiscordItem, _ key: DiscordLineKey, code: String, detail: String, notBefore: Int64 = 0,
    _ book: inout DiscordRateBook, now: Int64
  ) -> Completion {
    let earliest = max(notBefore, now + Self.leastLead)
    let slot: Int64
    open(key, for: item)
    if let joined = lines[key]?.join(item.part, notBefore: earliest) {
      slot = joined
    } else {
      slot = max(book.reserve(key.rate, now: now), notBefore)
      lines[key]?.fill(slot, item.part)
    }
    forgetIdle(now)
    return Self.throttled(
      item, wait: slot - now, code: code, detail: detail, slot: .init(run: settings.run, time: slot))
  }

  /// Ends an event's attempt: later, at this slot.
  static func throttled(
    _ item: DiscordItem, wait: Int64, code: String, detail: String, slot: DiscordCarry.Slot
  ) -> Completion {
    Completion(
      item.ticket,
      DeliveryResult(
        .throttled, retryAfterMilliseconds: UInt64(max(wait, 1)), code: code, detail: detail,
        carry: DiscordCarry(slot: slot, again: item.carry.again).text))
  }

  /// Looks whether anything of the line still waits.
  private mutating func settle(_ key: DiscordLineKey) {
    if lines[key]?.isEmpty ?? true { active.remove(key) }
  }

  private func limit(_ again: DiscordCarry.Again?) -> Int {
    again.map { min($0.count, settings.events) } ?? settings.events
  }

  /// The line of an event, made when there is none.
  mutating func open(_ key: DiscordLineKey, for item: DiscordItem) {
    if lines[key] == nil { lines[key] = DiscordLine(limit: limit(item.carry.again)) }
  }

  private mutating func forgetIdle(_ now: Int64) {
    guard lines.count > Self.maximumLines else { return }
    lines = lines.filter { !$0.value.isIdle(now) }
    // All of these have slots to fill: those slots stay, less full.
    if lines.count > Self.maximumLines { lines = lines.filter { !$0.value.isEmpty } }
  }
}
