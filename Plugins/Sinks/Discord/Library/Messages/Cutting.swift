extension String {
  /// Cut to so many UTF-16 units on a character's boundary, with an ellipsis where something is missing; a cut never leaves
  /// half of an escape at its end.
  func cut(toUnits limit: Int) -> String {
    guard utf16.count > limit else { return self }
    var units = 0
    var end = startIndex
    for index in indices {
      units += self[index].utf16.count
      if units > limit - 1 { break }
      end = self.index(after: index)
    }
    var kept = self[..<end]
    let slashes = kept.reversed().prefix { $0 == "\\" }.count
    if !slashes.isMultiple(of: 2) { kept.removeLast() }
    return kept + "…"
  }
}
