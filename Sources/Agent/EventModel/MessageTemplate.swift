/// The words for events of one type, in one language or any, at one sink or any: Mustache text. What a template can name
/// is the event type's to say.
public struct MessageTemplate: Hashable, Sendable {
  /// The namespace it belongs to.
  public var namespace: String
  /// Its id, as in `Names.checkID`.
  public var id: String
  /// The event type's name.
  public var eventType: String
  /// BCP 47, `de` or `pt-BR`; empty: any language.
  public var locale: String
  /// A sink's name; empty: any sink.
  public var sink: String
  /// Replaces the title; empty: the event type's own.
  public var title: String
  /// Replaces the text; empty: the event type's own.
  public var text: String
  /// Replaces the HTML; empty: the event type's own.
  public var html: String
  /// Counts changes; the etag is made of it. 0 in a draft.
  public var revision: Int64

  /// Makes a template.
  public init(
    namespace: String, id: String, eventType: String, locale: String = "", sink: String = "", title: String = "",
    text: String = "", html: String = "", revision: Int64 = 0
  ) {
    self.namespace = namespace
    self.id = id
    self.eventType = eventType
    self.locale = locale
    self.sink = sink
    self.title = title
    self.text = text
    self.html = html
    self.revision = revision
  }

  /// Longest part, in bytes.
  public static let maximumPartBytes = 16 * 1_024
  /// Most templates of one namespace: they are kept in memory.
  public static let maximumPerNamespace = 1_000

  /// Checks names, locale and sizes; not the Mustache, which the event type knows.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    faults.keep { () throws(ModelError) in try Names.checkID(id, field: "id") }
    faults.keep { () throws(ModelError) in try Names.checkName(eventType, field: "event_type") }
    if !sink.isEmpty { faults.keep { () throws(ModelError) in try Names.checkName(sink, field: "sink") } }
    if !locale.isEmpty, LanguageTag(locale) == nil {
      faults.found.append(
        .init(
          field: "locale", message: "must be a BCP 47 language tag such as de or pt-BR, not \"\(locale.prefix(40))\""))
    }
    for (field, part) in [("title", title), ("text", text), ("html", html)]
    where part.utf8.count > Self.maximumPartBytes {
      faults.found.append(.init(field: field, message: "must be at most \(Self.maximumPartBytes) bytes"))
    }
    if title.isEmpty, text.isEmpty, html.isEmpty {
      faults.found.append(.init(field: "text", message: "a template needs a title, a text or an html"))
    }
    try faults.check()
  }
}

/// A BCP 47 language tag (RFC 5646), as far as looking up words needs it: its subtags, and case does not count.
public struct LanguageTag: Hashable, Sendable {
  /// Lower-case subtags, the language first.
  public let subtags: [String]

  /// Reads a tag; `_` counts as `-`, and what follows `.` or `@` is left out, so that `pt_BR.UTF-8` is read as well.
  /// Nil when it is none.
  public init?(_ text: String) {
    let plain = text.prefix { $0 != "." && $0 != "@" }
    let parts = plain.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
    guard plain.utf8.count <= 35, let language = parts.first, (2...8).contains(language.utf8.count),
      language.utf8.allSatisfy(Self.isLetter),
      parts.allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isAlphanumeric) })
    else { return nil }
    subtags = parts.map { $0.lowercased() }
  }

  /// The language alone: `pt`.
  public var language: String { subtags[0] }

  /// How many subtags of `self`, a template's, fit a person's `wanted`: all must, in order, from the first (RFC 4647,
  /// section 3.4, lookup); nil when it does not fit.
  public func fit(to wanted: LanguageTag) -> Int? {
    wanted.subtags.starts(with: subtags) ? subtags.count : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
