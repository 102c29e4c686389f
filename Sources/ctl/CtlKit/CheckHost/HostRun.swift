import ControlAPI

/// Carries one trial out: an agent of its own, attacked and judged.
struct HostRun: Sendable {
  let trial: HostTrial
  let programs: HostPrograms
  /// Whether the folder stays.
  let keeps: Bool
  /// How long the agent may take to end.
  let endLimit: Duration

  /// Starts the agent, attacks it, judges it, and ends it.
  func perform() async throws(CtlError) -> HostVerdict {
    let clock = ContinuousClock()
    let start = clock.now
    let folder = try HostFolder(trial, programs)
    defer { if !keeps { folder.remove() } }
    let secret = "check-\(RandomKey.make())"
    let agent = try HostAgent.start(programs.agent, folder, secret: secret)
    var verdict = HostVerdict(trial: trial)
    let (faults, end) = await attack(agent, folder)
    verdict.faults = faults
    verdict.faults += await HostEnding(agent: agent, folder: folder, secret: secret, limit: endLimit).faults(end)
    verdict.milliseconds = (clock.now - start).wholeMilliseconds
    if keeps { verdict.folder = folder.path }
    return verdict
  }

  /// What is wrong while the agent runs, and how it ended if it did.
  private func attack(_ agent: HostAgent, _ folder: HostFolder) async -> ([String], HostAgent.End?) {
    do {
      if let end = try await ready(agent, folder) { return (["the agent \(end.words) before it was ready"], end) }
      let faults = try await Client.connect(
        to: .unix(path: folder.socket), Credentials(), timeout: HostWait.outcome
      ) { client in
        let attack = HostAttack(trial: trial, agent: agent, desk: HostDesk(client: client, folder: folder))
        do { return try await attack.faults() } catch let fault as HostFault { return [fault.sentence] }
      }
      return (faults, nil)
    } catch {
      if let end = agent.end() { return (["the agent \(end.words)"], end) }
      return (["the agent does not answer: \(error)"], nil)
    }
  }

  /// Waits until the agent is ready; answers its end, should it come first.
  private func ready(_ agent: HostAgent, _ folder: HostFolder) async throws -> HostAgent.End? {
    var end: HostAgent.End?
    var reason = "no answer"
    let isReady = try await HostWait.until(within: HostWait.ready) {
      end = agent.end()
      if end != nil { return true }
      // No connection is made before there is a socket.
      guard !HostFolder.isMissing(folder.socket) else { return false }
      let found = await Self.notReady(folder)
      if let found { reason = found }
      return found == nil
    }
    guard isReady else { throw CtlError(.timeout, "it is not ready within \(HostWait.ready): \(reason)") }
    return end
  }

  /// Why it is not ready; nil when it is.
  private static func notReady(_ folder: HostFolder) async -> String? {
    do {
      return try await Client.connect(to: .unix(path: folder.socket), Credentials(), timeout: .seconds(5)) { client in
        try await HostDesk(client: client, folder: folder).notReady()
      }
    } catch { return error.message }
  }
}

extension Duration {
  fileprivate var wholeMilliseconds: Int64 {
    components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
  }
}
