public import PluginKit0

/// What a message says where no template says otherwise.
public struct Words: Sendable, Hashable {
  /// The title.
  public var title: String
  /// The text.
  public var text: String
  /// The HTML; empty when there is none, nil when it is to be made of the text, whoever words that.
  public var html: String?

  /// Words; without HTML of their own it is made of the text.
  public init(title: String, text: String, html: String? = nil) {
    self.title = title
    self.text = text
    self.html = html
  }

  /// What templates call them, for wrapping: `title`, `text` and, in HTML, `html`.
  fileprivate var members: [TemplateValue.Member] {
    [
      .init("title", .whole(title)), .init("text", .whole(text)),
      .init("html", .html(html ?? text.asHTMLParagraphs)),
    ]
  }
}

extension TemplateRenderer {
  /// Words an event. Each part is worded by the definition's own template, else by the host's, else by `words`.
  ///
  /// The HTML follows the text: where the definition words the text and not the HTML, the HTML is made of that text, so
  /// that a mail never says one thing in text and another in HTML.
  ///
  /// - Parameters:
  ///   - own: the definition's own templates, at `/templates` there.
  ///   - words: what is said without templates. A template can name it, as `title`, `text` and `html`.
  ///   - members: what a template can name besides.
  /// - Throws: `invalid` with a violation for each part whose template cannot be rendered, at `/templates/…`. Never
  ///   falls back to other words.
  public func message(
    for event: Event, own: MessageTemplates? = nil, otherwise words: Words,
    members: @autoclosure () -> [TemplateValue.Member]
  ) throws(PluginError) -> Message {
    let chosen = try MessageTemplates(chosenFor: event)
    if own == nil, chosen == nil { return words.message }
    let ownsText = own?.text != nil
    let templates = (
      title: own?.title ?? chosen?.title, text: own?.text ?? chosen?.text,
      html: own?.html ?? (ownsText ? nil : chosen?.html)
    )
    let names = members() + words.members
    var violations: [PluginError.Violation] = []
    func part(_ template: String?, _ name: String, _ format: TemplateFormat) -> String? {
      guard let template else { return nil }
      do throws(PluginError) {
        return try render(template, as: format, with: names, field: "/templates/\(name)")
      } catch {
        violations += error.violations
        return nil
      }
    }
    let title = part(templates.title, "title", .plain) ?? words.title
    let text = part(templates.text, "text", .plain) ?? words.text
    let html = part(templates.html, "html", .html) ?? (ownsText ? nil : words.html)
    guard violations.isEmpty else { throw PluginError(violations: violations) }
    return Words(title: title, text: text, html: html).message
  }
}

extension Words {
  /// The message, its title on one line and bounded.
  fileprivate var message: Message {
    Message(
      title: title.asOneLine.bounded(toBytes: TemplateRenderer.maxTitleBytes), text: text,
      html: html ?? text.asHTMLParagraphs)
  }
}
