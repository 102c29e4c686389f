import Mustache
public import PluginKit0
import Synchronization

/// Compiles templates once, keeps them within bounds, and renders them. Safe on any thread.
///
/// Rendering cannot trap and cannot run without end: templates have no lists, partials or lambdas to work through,
/// and what their values add is counted against the longest output while it is made.
public final class TemplateRenderer: Sendable {
  /// The longest title, in bytes; longer ones are cut.
  public static let maxTitleBytes = 512
  /// The longest text or HTML, in bytes; longer ones are refused.
  public static let maxOutputBytes = 128 * 1024
  /// Compiled templates kept in each of the two generations.
  static let maxCached = 256

  /// Two generations: what is used moves to the young one, and when that is full the old one goes. A list of uses
  /// would cost more than compiling again now and then.
  private struct Cache {
    var young: [String: MustacheTemplate] = [:]
    var old: [String: MustacheTemplate] = [:]

    mutating func find(_ template: String) -> MustacheTemplate? {
      if let compiled = young[template] { return compiled }
      guard let compiled = old[template] else { return nil }
      insert(template, compiled)
      return compiled
    }

    mutating func insert(_ template: String, _ compiled: MustacheTemplate) {
      if young.count >= TemplateRenderer.maxCached {
        old = young
        young = [:]
      }
      young[template] = compiled
    }
  }

  private let cache = Mutex(Cache())

  /// A renderer with nothing in its cache.
  public init() {}

  /// How many compiled templates are kept now.
  var cachedCount: Int { cache.withLock { $0.young.count + $0.old.count } }

  /// Why a template is refused, in words that follow its name; nil when it can be rendered.
  public func fault(in template: String) -> String? {
    do {
      _ = try compiled(template)
      return nil
    } catch {
      return error.message
    }
  }

  /// Renders a template.
  ///
  /// - Parameters:
  ///   - field: where the template stands, as a JSON Pointer, for the error.
  /// - Throws: `invalid` for a template that does not compile or gives too much.
  public func render(
    _ template: String, as format: TemplateFormat, with members: [TemplateValue.Member], field: String
  ) throws(PluginError) -> String {
    if Self.isPlain(template) { return template }
    let compiled: MustacheTemplate
    do {
      compiled = try self.compiled(template)
    } catch {
      throw PluginError(violations: [.init(pointer: field, code: "template", message: error.message)])
    }
    let budget = OutputBudget(bytes: Self.maxOutputBytes)
    let output = compiled.render(TemplateNode(members: members, format: format, budget: budget))
    guard !budget.isSpent, output.utf8.count <= Self.maxOutputBytes else {
      let message = "gives more than \(Self.maxOutputBytes) bytes"
      throw PluginError(violations: [.init(pointer: field, code: "length", message: message)])
    }
    return output
  }

  /// Whether a template has nothing in it to render: it is its own output. Titles into which their caller has written a
  /// number or a name would fill the cache, and be compiled each time.
  private static func isPlain(_ template: String) -> Bool {
    template.utf8.count <= TemplateSyntax.maxBytes && !template.utf8.contains(UInt8(ascii: "{"))
  }

  private struct Refusal: Error {
    let message: String
  }

  private func compiled(_ template: String) throws(Refusal) -> MustacheTemplate {
    if let compiled = cache.withLock({ $0.find(template) }) { return compiled }
    if let fault = TemplateSyntax.fault(in: template) { throw Refusal(message: fault) }
    let compiled: MustacheTemplate
    do {
      // Values come escaped, so the library must not escape again. The pragma's line vanishes with its break.
      compiled = try MustacheTemplate(string: "{{%CONTENT_TYPE:TEXT}}\n" + template)
    } catch {
      throw Refusal(message: Self.words(for: error))
    }
    cache.withLock { $0.insert(template, compiled) }
    return compiled
  }

  private static func words(for error: any Error) -> String {
    guard let error = error as? MustacheTemplate.ParserError else { return "is not a Mustache template" }
    // The pragma that was put before it is line 1.
    let place = "line \(max(error.context.lineNumber - 1, 1)), column \(error.context.columnNumber)"
    return "is not a Mustache template: \(error.error) at \(place)"
  }
}
