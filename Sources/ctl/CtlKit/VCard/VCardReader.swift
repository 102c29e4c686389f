/// Reads people from a stream of vCards (versions 2.1, 3.0 and 4.0), a piece at a time.
///
/// A line that cannot be read costs that line, a card that cannot be used costs that card; each
/// leaves a note with its line number. Nothing is kept of a card once it is handed out, so a file of
/// any size needs the memory of its largest card (``VCardLimits``).
///
/// ```swift
/// var reader = VCardReader()
/// reader.consume(bytes) { item in … }
/// reader.finish { item in … }
/// ```
struct VCardReader {
  /// What the reader hands out: notes on a card before its person.
  enum Item: Sendable, Hashable {
    case person(ImportedPerson)
    case note(ImportNote)
  }

  private enum State {
    /// Between cards; whether this stretch of foreign lines was told already.
    case outside(isTold: Bool)
    case card(CardDraft)
    /// In a card that is passed over, until it ends or the next one begins.
    case skipping
    /// Too many cards: the rest is passed over.
    case full
  }

  private var unfolder = LineUnfolder()
  private var state = State.outside(isTold: false)
  private var seen = SeenIdentities()
  private var isFirstLine = true
  /// Set by a 2.1 `AGENT:` line: the card that follows inside belongs to someone else.
  private var expectsNestedCard = false
  private var nesting = 0
  /// Cards begun so far.
  private(set) var cardCount = 0

  /// A reader at the start of its input.
  init() {}

  /// Reads the next bytes.
  mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (Item) -> Void) {
    var lines = unfolder
    lines.consume(bytes) { read($0, emit) }
    unfolder = lines
  }

  /// Reads what is left; the input has ended.
  mutating func finish(_ emit: (Item) -> Void) {
    var lines = unfolder
    lines.finish { read($0, emit) }
    unfolder = lines
    if case .card(let draft) = state {
      skip(draft, .itemRefused, "the input ends before END:VCARD", emit)
      state = .outside(isTold: false)
    }
  }

  private mutating func read(_ raw: LogicalLine, _ emit: (Item) -> Void) {
    var line = raw
    if isFirstLine {
      isFirstLine = false
      let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
      if line.bytes.starts(with: byteOrderMark) { line.bytes.removeFirst(byteOrderMark.count) }
    }
    if line.bytes.allSatisfy({ $0 == Byte.space || $0 == Byte.tab }) { return }
    let mark = Mark(line.bytes)
    switch state {
    case .outside(let isTold): readOutside(line, mark, isTold: isTold, emit)
    case .card(let draft):
      // The draft is taken out of the state, so that changing it copies nothing.
      state = .outside(isTold: false)
      readInside(draft, line, mark, emit)
    case .skipping:
      if mark == .begin { begin(line, emit) }
      if mark == .end { state = .outside(isTold: false) }
    case .full: break
    }
  }

  private mutating func readOutside(_ line: LogicalLine, _ mark: Mark?, isTold: Bool, _ emit: (Item) -> Void) {
    if mark == .begin { return begin(line, emit) }
    if !isTold {
      emit(
        .note(
          ImportNote(
            kind: .outside, line: line.number, property: nil,
            reason: "outside any card (BEGIN:VCARD … END:VCARD): \(Excerpt.of(line.bytes))")))
    }
    state = .outside(isTold: true)
  }

  private mutating func begin(_ line: LogicalLine, _ emit: (Item) -> Void) {
    guard cardCount < VCardLimits.maxCards else {
      state = .full
      let reason = "more than \(VCardLimits.maxCards) cards: the rest is not read; split the file"
      return emit(.note(ImportNote(kind: .itemRefused, line: line.number, property: nil, reason: reason)))
    }
    cardCount += 1
    nesting = 0
    expectsNestedCard = false
    state = .card(CardDraft(line: line.number))
  }

  private mutating func readInside(
    _ card: CardDraft, _ line: LogicalLine, _ mark: Mark?, _ emit: (Item) -> Void
  ) {
    var draft = card
    guard draft.countLine() else {
      skip(draft, .itemRefused, "more than \(VCardLimits.maxCardLines) lines", emit)
      state = .skipping
      return
    }
    switch mark {
    case .begin where expectsNestedCard || nesting > 0:
      nesting += 1
      expectsNestedCard = false
    case .begin:
      skip(draft, .itemRefused, "no END:VCARD before the next BEGIN:VCARD on line \(line.number)", emit)
      return begin(line, emit)
    case .end where nesting > 0: nesting -= 1
    case .end: return end(draft, emit)
    case nil: if nesting == 0 { readProperty(&draft, line) }
    }
    state = .card(draft)
  }

  private mutating func readProperty(_ draft: inout CardDraft, _ line: LogicalLine) {
    let property: ContentLine
    do { property = try ContentLine(line.bytes) } catch {
      return draft.note(.propertySkipped, line.number, nil, "\(error.rawValue): \(Excerpt.of(line.bytes))")
    }
    expectsNestedCard = property.name == "AGENT" && property.value.isEmpty
    if line.isTruncated, !Self.bulky.contains(property.name) {
      let reason = "is longer than \(ContentLineLimits.maxLineBytes) bytes"
      return draft.note(.propertySkipped, line.number, property.name, reason)
    }
    draft.take(property, line: line.number)
  }

  /// Properties that are large by nature, and never used here.
  private static let bulky: Set<String> = ["PHOTO", "LOGO", "SOUND", "KEY", "NOTE"]

  private mutating func end(_ card: CardDraft, _ emit: (Item) -> Void) {
    var draft = card
    let person: ImportedPerson
    do { person = try draft.finish() } catch {
      return skip(draft, error.kind, error.reason, emit)
    }
    guard seen.insert(person.id) else {
      return skip(
        draft, .itemSkipped, "the UID \(Excerpt.of(person.sourceUID ?? person.id)) was on an earlier card", emit)
    }
    for note in draft.notes { emit(.note(note)) }
    emit(.person(person))
  }

  private func skip(
    _ draft: CardDraft, _ kind: ImportNote.Kind, _ reason: String, _ emit: (Item) -> Void
  ) {
    for note in draft.notes { emit(.note(note)) }
    emit(.note(ImportNote(kind: kind, line: draft.line, property: nil, reason: "card skipped: \(reason)")))
  }
}

/// The lines that enclose a card, in any case and with the spaces that some programs leave.
private enum Mark {
  case begin
  case end

  init?(_ bytes: [UInt8]) {
    // Longer lines are no marks; most lines leave here without an allocation.
    guard bytes.count <= 24, let first = bytes.first else { return nil }
    switch Byte.uppercased(first) {
    case UInt8(ascii: "B"), UInt8(ascii: "E"): break
    default: return nil
    }
    switch String(decoding: bytes.filter { $0 != Byte.space && $0 != Byte.tab }.map(Byte.uppercased), as: UTF8.self) {
    case "BEGIN:VCARD": self = .begin
    case "END:VCARD": self = .end
    default: return nil
    }
  }
}
