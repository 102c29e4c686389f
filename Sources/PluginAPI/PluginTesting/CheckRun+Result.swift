extension CheckRun {
  /// A line that a case told: `fault`, `late`, `warning`, `note`, `skip`, and what it says.
  static func parts(_ line: String) -> (kind: String, text: String) {
    let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }

  /// What a child told, and how it ended.
  static func result(_ one: CheckCase, _ outcome: ChildProcess.Outcome) -> CaseResult {
    var result = result(one.name, lines: outcome.lines)
    result.milliseconds = outcome.milliseconds
    if let accident = outcome.accident {
      // What it told before that counts too, unless time was all that it lacked.
      result.isLate = outcome.isLate && (result.faults.isEmpty || result.isLate)
      result.status = .failed
      (result.reason, result.isMissing) = ("", false)
      result.faults.insert(accident, at: 0)
    }
    let output = outcome.output.trimmed
    guard !output.isEmpty else { return result }
    if one.name == "output", result.status == .ok {
      result.status = .failed
      result.faults.append("it wrote: \(Excerpt.of(Array(output.utf8)))")
    } else if outcome.accident != nil {
      result.notes.append("it wrote: \(Excerpt.of(Array(output.utf8)))")
    }
    return result
  }

  /// The same for a case that ran in this process.
  static func result(_ name: String, lines: [String]) -> CaseResult {
    var result = CaseResult(name: name, status: .ok)
    result.isLate = true
    for line in lines {
      let (kind, text) = parts(line)
      switch kind {
      case "fault":
        result.faults.append(text)
        result.isLate = false
      case "late": result.faults.append(text)
      case "warning": if !result.warnings.contains(text) { result.warnings.append(text) }
      case "note": result.notes.append(text)
      case "skip": (result.status, result.reason, result.isMissing) = (.skipped, text, true)
      default: break
      }
    }
    if result.faults.isEmpty {
      result.isLate = false
    } else {
      (result.status, result.reason, result.isMissing) = (.failed, "", false)
    }
    return result
  }

  /// Runs one case in this process, without the protection of a child: for a debugger.
  /// - Returns: nil when there is no such case.
  public static func inForeground(_ name: String, _ options: CheckOptions) -> CaseResult? {
    guard CheckCase.named(name) != nil else { return nil }
    let folder = Folders.make() ?? "/tmp"
    defer { Folders.remove(folder) }
    let listener = Listener()
    defer { listener?.end() }
    return result(
      name, lines: CaseChild.inForeground(options.request(name, port: listener?.port ?? 9, folder: folder)))
  }
}

extension CheckOptions {
  func request(_ name: String, port: Int, folder: String) -> CheckRequest {
    var request = CheckRequest(file: file, caseName: name, seed: seed, callLimit: callLimitMilliseconds)
    (request.configuration, request.definition, request.user) = (configuration, definition, user)
    (request.endpoint, request.port, request.folder) = (endpoint, port, folder)
    return request
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
