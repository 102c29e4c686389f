/// What an anniversary is called: `wedding anniversary`.
struct AnniversaryTitle: Sendable, Hashable {
  let text: String
  /// Whether it is a day on which nobody is called happy.
  let isSolemn: Bool

  /// Names under which people keep their first day at work.
  private static let work: Set<String> = [
    "work", "job", "employment", "hired", "hire date", "joined", "joining", "start of work", "first day at work",
    "first work day", "first day", "start date",
  ]
  private static let solemn: Set<Substring> = [
    "death", "died", "passing", "funeral", "burial", "memorial", "remembrance", "mourning",
  ]

  /// A title: the one given, else one made of the date's name, in which `_` and `-` stand for spaces.
  init(given: String?, name: String) {
    let spaced = String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
    text = given ?? Self.derived(from: spaced)
    let words = "\(spaced) \(given ?? "")".lowercased().split { !$0.isLetter }
    isSolemn = words.contains { Self.solemn.contains($0) }
  }

  private static func derived(from name: String) -> String {
    let lowercased = name.lowercased()
    if lowercased == "birth" { return "birthday" }
    if lowercased.hasSuffix("anniversary") || lowercased.hasSuffix("birthday") { return name }
    return work.contains(lowercased) ? "work anniversary" : "\(name) anniversary"
  }
}
