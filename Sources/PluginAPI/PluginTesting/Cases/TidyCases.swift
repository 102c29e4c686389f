import CPluginAPI
import PluginHost

/// What a plugin does to the process that it is a guest in.
enum TidyCases {
  /// How long threads and descriptors may take to go after `stop`, in milliseconds.
  private static let settleMilliseconds: Int64 = 2_000

  static let all: [CheckCase] = [
    CheckCase(
      "process", .plugin, "signal handlers, locale, umask, working folder and environment stay; no process is started",
      rule: "carillon/plugin.h, start; manifest, permissions",
      advice: "these belong to the agent and to all plugins: use uselocale, openat, pselect instead; "
        + "who starts processes has the permission exec",
      needs: WorkCases.needs
    ) { (context) throws(CaseEnd) in
      let before = ProcessState.now()
      try WorkCases.work(context)
      for change in before.changes(to: .now()) { context.fault(change) }
      if try !context.manifest().permissions.contains("exec"), ProcessState.hasStartedProcesses {
        context.fault("it starts processes, and its manifest has no permission exec: the agent refuses them")
      }
    },
    CheckCase(
      "output", .plugin, "nothing is written to standard output or standard error", rule: "carillon/host/log.h",
      advice: "write to the log: what goes to standard output is lost, or mixed into somebody else's",
      needs: WorkCases.needs
    ) { (context) throws(CaseEnd) in try WorkCases.work(context) },
    CheckCase(
      "leaves-nothing", .plugin, "after stop there are no more threads and descriptors than before start",
      rule: "carillon/plugin.h, stop", advice: "join every thread in deactivate, close what you opened",
      needs: WorkCases.needs + ["create-destroy"], body: leavesNothing),
  ]

  @Sendable private static func leavesNothing(_ context: CaseContext) throws(CaseEnd) {
    _ = try context.library()
    let (threads, descriptors) = (ProcessState.threads, ProcessState.descriptors)
    try WorkCases.work(context)
    let isTidy = Clock.wait(milliseconds: settleMilliseconds) {
      ProcessState.threads <= threads && ProcessState.descriptors.subtracting(descriptors).isEmpty
    }
    if isTidy { return }
    let further = ProcessState.descriptors.subtracting(descriptors)
    context.expectInTime(further.isEmpty, "\(further.count) descriptors are still open after stop")
    let left = ProcessState.threads - threads
    context.expectInTime(left <= 0, "\(left) threads are still there after stop")
  }
}
