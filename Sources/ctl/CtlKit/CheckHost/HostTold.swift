/// What the hostile plugin told of what it did, one line each.
struct HostTold: Sendable {
  /// One attempt of a delivery.
  struct Attempt: Sendable, Hashable {
    var event: Substring
    var number: Int
    var key: Substring
    var carryBytes: Int
  }

  /// Attempts, in the order of their coming.
  var attempts: [Attempt] = []
  /// What the host answered, by the name of the question.
  var answers: [String: [Int]] = [:]
  /// Processes that the plugin ran in, or started.
  var processes: Set<Int32> = []
  /// How often it was asked for occurrences.
  var questions = 0

  /// Reads the file; lines that are something else are left out.
  init(_ lines: [Substring]) {
    for line in lines {
      let words = line.split(separator: " ")
      switch words.first {
      case "attempt" where words.count == 5:
        attempts.append(
          Attempt(event: words[1], number: Int(words[2]) ?? 0, key: words[3], carryBytes: Int(words[4]) ?? 0))
      case "answer" where words.count == 3: answers[String(words[1]), default: []].append(Int(words[2]) ?? .min)
      case "pid" where words.count == 2: if let pid = Int32(words[1]), pid > 1 { processes.insert(pid) }
      case "asked": questions += 1
      default: break
      }
    }
  }

  /// Answers that are not as they must be, a sentence each.
  func faults(_ wanted: [String: Int]) -> [String] {
    wanted.sorted { $0.key < $1.key }.compactMap { name, value in
      let wrong = answers[name, default: []].first { $0 != value }
      return wrong.map { "the host answered \(name): \($0), and not \(value)" }
    }
  }

  /// Whether all answers that must come have come.
  func hasAll(_ wanted: [String: Int]) -> Bool { wanted.keys.allSatisfy { answers[$0] != nil } }
}
