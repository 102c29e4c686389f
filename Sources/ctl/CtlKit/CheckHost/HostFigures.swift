import FoundationEssentials

/// What a process holds of the system.
struct HostFigures: Sendable {
  /// Memory of its own, in bytes.
  var memory = 0
  /// Open descriptors.
  var descriptors = 0
  /// Threads.
  var threads = 0

  /// How much more than before an agent may hold while it is attacked.
  static let bounds = HostFigures(memory: 192 * 1_024 * 1_024, descriptors: 32, threads: 32)

  /// Those of a process; nil when there is none.
  static func of(_ pid: Int32) -> HostFigures? {
    var figures = HostFigures()
    for line in HostFolder.lines("/proc/\(pid)/status") {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.count >= 2, let value = Int(words[1]) else { continue }
      if words[0] == "RssAnon:" { figures.memory = value * 1_024 }
      if words[0] == "Threads:" { figures.threads = value }
    }
    guard figures.threads > 0,
      let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
    else { return nil }
    figures.descriptors = open.count
    return figures
  }

  /// The larger of each.
  func most(_ other: HostFigures) -> HostFigures {
    HostFigures(
      memory: max(memory, other.memory), descriptors: max(descriptors, other.descriptors),
      threads: max(threads, other.threads))
  }

  /// What is over the bounds, a sentence each.
  func faults(since before: HostFigures) -> [String] {
    var faults: [String] = []
    func look(_ name: String, _ now: Int, _ then: Int, _ bound: Int) {
      if now - then > bound { faults.append("the agent's \(name) went from \(then) to \(now), by more than \(bound)") }
    }
    look("memory, in bytes,", memory, before.memory, Self.bounds.memory)
    look("descriptors", descriptors, before.descriptors, Self.bounds.descriptors)
    look("threads", threads, before.threads, Self.bounds.threads)
    return faults
  }

  /// Whether there is a process of this number that has not ended.
  static func isLeft(_ pid: Int32) -> Bool {
    let text = String(decoding: HostFolder.bytes("/proc/\(pid)/stat", limit: 4_096), as: UTF8.self)
    guard let name = text.lastIndex(of: ")") else { return false }
    let state = text[name...].dropFirst(2).first
    return state != "Z" && state != "X"
  }
}
