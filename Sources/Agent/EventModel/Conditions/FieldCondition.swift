/// A condition in the language of ``Condition``, on fields of whoever asks.
public struct FieldCondition<Field: Sendable>: Sendable {
  let root: ConditionNode<Field>

  /// Reads a condition.
  /// - Parameters:
  ///   - field: what faults are said of.
  ///   - resolve: finds what a path names, or says what there is instead; the second says whether it is only asked whether
  ///     there is something, as by `has(x)`.
  public init(
    _ text: String, field: String, resolve: @escaping ([String], Bool) throws(ModelError) -> Field
  ) throws(ModelError) {
    guard text.utf8.count <= Condition.maximumBytes else {
      throw ModelError(field: field, "must be at most \(Condition.maximumBytes) bytes")
    }
    var parser = ConditionParser(text, field: field, resolve: resolve)
    self.root = try parser.whole()
  }

  /// Whether it holds.
  /// - Parameter value: the text of a field; nil when there is none.
  public func holds(_ value: (Field) -> String?) -> Bool { root.holds(value) }
}
