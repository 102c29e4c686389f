/// Where the words of a message come from, and whether its reader gets the language it wants.
public struct Wording: Hashable, Sendable {
  /// Where the words come from.
  public enum Source: Hashable, Sendable {
    /// The schedule's definition has words of its own.
    case schedule
    /// A template.
    case template(MessageTemplate)
    /// The event type's own words.
    case builtIn
  }

  /// Where the words come from.
  public var source: Source
  /// The language of the words, BCP 47; empty when they are for any.
  public var locale: String
  /// For people: why the reader's language is not what it gets; nil when it is, or when none was asked for.
  public var fallback: String?

  /// Makes a wording.
  public init(source: Source, locale: String, fallback: String?) {
    self.source = source
    self.locale = locale
    self.fallback = fallback
  }
}

/// What an event type says of its own words.
public struct BuiltInWording: Hashable, Sendable {
  /// Whether it words events by templates.
  public var takesTemplates: Bool
  /// The language of its own words, BCP 47; empty: they are the definition's, in whatever language.
  public var locale: String

  /// Makes it.
  public init(takesTemplates: Bool, locale: String) {
    self.takesTemplates = takesTemplates
    self.locale = locale
  }

  /// Of an event type that knows no templates.
  public static let none = BuiltInWording(takesTemplates: false, locale: "")
}

/// The templates in force, for choosing among them quickly. Immutable.
public struct WordingTable: Sendable {
  private struct Key: Hashable {
    var namespace: String
    var eventType: String
  }

  private struct Entry {
    var template: MessageTemplate
    var tag: LanguageTag?
  }

  private var entries: [Key: [Entry]] = [:]

  /// Makes a table.
  public init(_ templates: [MessageTemplate] = []) {
    for template in templates.sorted(by: { $0.id < $1.id }) {
      let key = Key(namespace: template.namespace, eventType: template.eventType)
      entries[key, default: []].append(Entry(template: template, tag: LanguageTag(template.locale)))
    }
  }

  /// Chooses the words of one event at one sink. The best fit of the language wins; of two that fit alike the one that
  /// names the sink.
  /// - Parameters:
  ///   - locale: the reader's; empty when unknown or when there is no reader.
  ///   - hasOwnWords: whether the schedule's definition has words of its own, which go before all others.
  public func choose(
    namespace: String, eventType: String, locale: String, sink: String, hasOwnWords: Bool, builtIn: BuiltInWording
  ) -> Wording {
    if hasOwnWords || !builtIn.takesTemplates { return Wording(source: .schedule, locale: "", fallback: nil) }
    let wanted = LanguageTag(locale)
    var best: (entry: Entry, rank: Int)?
    for entry in entries[Key(namespace: namespace, eventType: eventType)] ?? [] {
      guard let rank = Self.rank(entry.template, entry.tag, wanted, sink) else { continue }
      if best.map({ rank > $0.rank }) ?? true { best = (entry, rank) }
    }
    guard let entry = best?.entry else {
      return Wording(
        source: .builtIn, locale: builtIn.locale, fallback: Self.fallback(wanted, locale, to: builtIn.locale, nil))
    }
    let template = entry.template
    return Wording(
      source: .template(template), locale: template.locale,
      fallback: entry.tag == nil ? nil : Self.fallback(wanted, locale, to: template.locale, template.id))
  }

  /// Twice the fit of the language, and one for the sink; nil when it does not fit.
  private static func rank(
    _ template: MessageTemplate, _ tag: LanguageTag?, _ wanted: LanguageTag?, _ sink: String
  ) -> Int? {
    guard template.sink.isEmpty || template.sink == sink else { return nil }
    let forSink = template.sink.isEmpty ? 0 : 1
    guard let tag else { return forSink }
    guard let wanted, let fit = tag.fit(to: wanted) else { return nil }
    return 2 * fit + forSink
  }

  /// A template whose language is the reader's, in a wider form, is no fallback: `pt` for `pt-BR`.
  private static func fallback(_ wanted: LanguageTag?, _ locale: String, to used: String, _ id: String?) -> String? {
    guard let wanted, let tag = LanguageTag(used), tag.language != wanted.language else { return nil }
    return "no words for \(locale.prefix(35)): \(id.map { "template \($0)" } ?? "the built-in words") in \(used)"
  }
}
