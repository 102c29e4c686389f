import ArgumentParser

extension HostCase.Place: ExpressibleByArgument {}

/// `ctl plugin check-host`
struct PluginCheckHost: AsyncParsableCommand {
  private static let jobsAllowed = 1...64

  static let configuration = CommandConfiguration(
    commandName: "check-host", abstract: "Check whether an agent outlives a plugin that breaks every rule.",
    discussion: """
      For each case an agent of its own is started, on a new store in a temporary folder, with a hostile plugin and a \
      healthy one. The agent must live, be ready, lose and repeat nothing, keep within its bounds and end when asked to. \
      Attacks that break rules but no memory are tried in the agent's process as well. Exit: 0 clean, 1 findings.

      Examples:
        ctl plugin check-host --list
        ctl plugin check-host
        ctl plugin check-host --agent ./agent --seed 7 --case double-complete --keep
      """)

  @Option(help: "The agent's program (default: the one beside ctl).", completion: .file()) var agent: String?
  @Option(name: .customLong("case"), help: "Only this case; may be given several times.") var cases: [String] = []
  @Option(help: "Only with the hostile plugin there: process or in-process.") var isolation: HostCase.Place?
  @Option(help: "What everything random comes from (default: another one each time; it is printed).") var seed: UInt64?
  @Option(help: "Agents at the same time, 1 to 64.") var jobs = 2
  @Option(help: "How long an agent may take to end (default: 60s).")
  var endLimit = TimeSpan(milliseconds: HostWait.endSeconds * 1_000)
  @Flag(help: "Leave out the cases that wait for a time limit to run out, of ten seconds and more.") var quick = false
  @Flag(help: "Keep the agents' folders, with their stores and logs.") var keep = false
  @Flag(help: "One JSON document instead of lines.") var json = false
  @Flag(help: "List the cases, and check nothing.") var list = false

  func validate() throws {
    guard Self.jobsAllowed.contains(jobs) else { throw ValidationError("--jobs must be 1 to 64") }
    guard endLimit.milliseconds > 0 else { throw ValidationError("--end-limit must be more than 0s") }
    for name in cases where HostCase.named(name) == nil {
      let nearest = NearestName.suggestion(name, in: HostCase.all.map(\.name))
      throw ValidationError("--case: there is no case \(Excerpt.of(name))\(nearest)")
    }
    guard list || !trials(0).isEmpty else {
      throw ValidationError("--isolation: none of these cases is tried in-process, as it would end any process")
    }
  }

  func run() async throws {
    let around = Surroundings.current
    if list { return HostPrinter.list(around.output, isJSON: json) }
    let seed = seed ?? .random(in: 0...999_999_999)
    let programs = try HostPrograms.find(agent: agent)
    let printer = HostPrinter(agent: agent, seed: seed, sink: around.output)
    if !json { around.output.line("\(Printable.escaped(programs.agent)), seed \(seed)") }
    let check = HostCheck(
      trials: trials(seed), programs: programs, jobs: jobs, keeps: keep, endLimit: endLimit.duration)
    let verdicts = try await check.run { if !json { printer.write($0) } }
    if json { printer.json(verdicts) } else { printer.summarize(verdicts) }
    let failed = verdicts.filter { !$0.isClean }.map(\.trial.name)
    guard failed.isEmpty else {
      throw CtlError(.failed, "the agent breaks the contract: \(failed.joined(separator: ", "))")
    }
  }

  private func trials(_ seed: UInt64) -> [HostTrial] {
    HostTrial.chosen(cases, isolation, seed: seed).filter { !quick || !$0.test.isSlow }
  }
}
