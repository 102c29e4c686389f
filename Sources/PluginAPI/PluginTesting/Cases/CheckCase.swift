/// One thing that is tried with a plugin.
public struct CheckCase: Sendable {
  /// What it is about.
  public enum Kind: String, Sendable {
    /// Every plugin.
    case plugin
    /// Those that provide `carillon.event-type/1`.
    case eventType = "event-type"
    /// Those that provide `carillon.sink/1`.
    case sink
  }

  /// Its name, in kebab case.
  public let name: String
  /// Of which plugins it is tried.
  public let kind: Kind
  /// What must be so, in a sentence.
  public let sentence: String
  /// Where the headers say so.
  public let rule: String
  /// What to do about it.
  public let advice: String
  /// Cases without which this one makes no sense: when one of them failed, this one is skipped.
  public let needs: [String]
  /// Whether it is run in two processes, whose answers must be the same.
  let isComparedBetweenProcesses: Bool
  let body: @Sendable (CaseContext) throws(CaseEnd) -> Void

  init(
    _ name: String, _ kind: Kind, _ sentence: String, rule: String, advice: String, needs: [String] = [],
    isComparedBetweenProcesses: Bool = false, body: @Sendable @escaping (CaseContext) throws(CaseEnd) -> Void
  ) {
    (self.name, self.kind, self.sentence, self.rule, self.advice) = (name, kind, sentence, rule, advice)
    (self.needs, self.body) = (needs, body)
    self.isComparedBetweenProcesses = isComparedBetweenProcesses
  }

  /// All of them, in the order of the report: what others need comes first.
  public static let all: [CheckCase] =
    FileCases.all + StartCases.all + InstanceCases.all + DocumentCases.all + NextCases.all + SeriesCases.all
    + RenderCases.all
    + DeliveryCases.all + SinkLifeCases.all + MemoryCases.all + TidyCases.all

  /// The one of this name.
  public static func named(_ name: String) -> CheckCase? { all.first { $0.name == name } }
}
