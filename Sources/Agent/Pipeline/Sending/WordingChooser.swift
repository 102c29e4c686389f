import EventModel

/// The words that an event is rendered with.
struct ChosenWords: Hashable, Sendable {
  /// Templates as the event type takes them; empty when there are none.
  var templatesJSON = ""
  /// For people: why the reader's language is not what it gets; nil when it is.
  var fallback: String?
}

/// Chooses the words of events at one sink. It remembers what it chose, as the events of a chunk differ little; looks
/// into a definition only where that decides something; and costs next to nothing where no words are to be chosen.
struct WordingChooser {
  private struct Key: Hashable {
    var namespace: String
    var eventType: String
    var locale: String
  }

  private let table: WordingTable
  private let sink: String
  private let builtIn: (String) -> BuiltInWording
  private var builtIns: [String: BuiltInWording] = [:]
  private var chosen: [Key: ChosenWords] = [:]
  private var lastKey = Key(namespace: "", eventType: "", locale: "")
  private var lastWords = ChosenWords()
  /// Whether the last were none, and nothing was to be said about that: so for most events.
  private var isLastPlain = false
  private var lastDefinition: (json: String, hasOwnWords: Bool)?

  /// - Parameter builtIn: what an event type, by its name, says of its own words.
  init(_ table: WordingTable, sink: String, builtIn: @escaping (String) -> BuiltInWording) {
    self.table = table
    self.sink = sink
    self.builtIn = builtIn
  }

  /// The words of an event.
  mutating func choose(_ event: LoadedEvent) -> ChosenWords {
    let locale = event.user?.locale ?? ""
    if lastKey.locale != locale || lastKey.eventType != event.eventType || lastKey.namespace != event.namespace {
      choose(Key(namespace: event.namespace, eventType: event.eventType, locale: locale))
    }
    // A definition's own words go before all others, in whatever language they are.
    if isLastPlain || hasOwnWords(event.definitionJSON) { return ChosenWords() }
    return lastWords
  }

  private mutating func choose(_ key: Key) {
    let words = chosen[key] ?? look(up: key)
    chosen[key] = words
    (lastKey, lastWords, isLastPlain) = (key, words, words == ChosenWords())
  }

  private mutating func look(up key: Key) -> ChosenWords {
    let builtIn = builtIns[key.eventType] ?? self.builtIn(key.eventType)
    builtIns[key.eventType] = builtIn
    let wording = table.choose(
      namespace: key.namespace, eventType: key.eventType, locale: key.locale, sink: sink, hasOwnWords: false,
      builtIn: builtIn)
    return ChosenWords(templatesJSON: wording.templatesJSON, fallback: wording.fallback)
  }

  private mutating func hasOwnWords(_ definitionJSON: String) -> Bool {
    // Rows of one schedule, and of schedules that say the same, share their definition: the comparison sees that at once.
    if let lastDefinition, lastDefinition.json == definitionJSON { return lastDefinition.hasOwnWords }
    let hasOwnWords = Wording.hasOwnWords(definitionJSON)
    lastDefinition = (definitionJSON, hasOwnWords)
    return hasOwnWords
  }
}

extension Wording {
  /// The chosen template's parts, as an event type takes them; empty when no template was chosen.
  var templatesJSON: String {
    guard case .template(let template) = source else { return "" }
    let parts = ["title": template.title, "text": template.text, "html": template.html]
    return FlatJSON.object(parts.filter { !$0.value.isEmpty })
  }

  /// Whether a definition has words of its own, which every event type keeps under the same name.
  static func hasOwnWords(_ definitionJSON: String) -> Bool {
    FlatJSON.hasContent(in: "templates", of: definitionJSON)
  }
}
