/// Looks at what a process holds, again and again, and keeps the most.
struct HostWatch: Sendable {
  private static let period = Duration.milliseconds(100)
  private let task: Task<HostFigures, Never>

  /// Begins to look.
  init(_ pid: Int32) {
    task = Task {
      var most = HostFigures()
      while !Task.isCancelled {
        if let now = HostFigures.of(pid) { most = most.most(now) }
        // It ends early when it is cancelled, which is looked at next.
        try? await Task.sleep(for: Self.period)
      }
      return HostFigures.of(pid).map { most.most($0) } ?? most
    }
  }

  /// Looks no more; answers the most that was there.
  func end() async -> HostFigures {
    task.cancel()
    return await task.value
  }
}
