/// One case in one place: what a check consists of.
struct HostTrial: Sendable {
  /// The case.
  var test: HostCase
  /// Where the hostile plugin runs.
  var place: HostCase.Place
  /// What everything random comes from.
  var seed: UInt64

  /// How it is told: `crash (process)`.
  var name: String { "\(test.name) (\(place.rawValue))" }

  /// Those that a command line asks for, in the order of the cases.
  /// - Parameters:
  ///   - cases: only these; all when empty.
  ///   - place: only this one; both when nil.
  static func chosen(_ cases: [String], _ place: HostCase.Place?, seed: UInt64) -> [HostTrial] {
    HostCase.all.filter { cases.isEmpty || cases.contains($0.name) }.flatMap { test in
      test.places.filter { place == nil || $0 == place }.map { HostTrial(test: test, place: $0, seed: seed) }
    }
  }
}

/// What one trial came to.
struct HostVerdict: Sendable {
  /// The trial.
  var trial: HostTrial
  /// What the agent did wrong, a sentence each.
  var faults: [String] = []
  /// How long it took.
  var milliseconds: Int64 = 0
  /// The folder with all that is left of it; empty when it was removed.
  var folder = ""

  var isClean: Bool { faults.isEmpty }
}
