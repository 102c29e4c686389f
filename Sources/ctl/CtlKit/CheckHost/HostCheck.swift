/// Carries out trials, several at once, and gathers what they come to.
struct HostCheck: Sendable {
  let trials: [HostTrial]
  let programs: HostPrograms
  /// Trials at the same time.
  let jobs: Int
  /// Whether the folders stay.
  let keeps: Bool
  /// How long an agent may take to end.
  let endLimit: Duration

  /// Runs them all.
  /// - Parameter tell: gets each verdict, in the order of the trials.
  func run(_ tell: (HostVerdict) -> Void) async throws(CtlError) -> [HostVerdict] {
    do {
      return try await withThrowingTaskGroup(of: (Int, HostVerdict).self) { group in
        var next = 0
        var found: [Int: HostVerdict] = [:]
        var verdicts: [HostVerdict] = []
        while verdicts.count < trials.count {
          while next < trials.count, next - found.count - verdicts.count < jobs {
            let place = next
            group.addTask {
              let run = HostRun(trial: trials[place], programs: programs, keeps: keeps, endLimit: endLimit)
              return (place, try await run.perform())
            }
            next += 1
          }
          guard let (place, verdict) = try await group.next() else { break }
          found[place] = verdict
          while let verdict = found.removeValue(forKey: verdicts.count) {
            verdicts.append(verdict)
            tell(verdict)
          }
        }
        return verdicts
      }
    } catch let error as CtlError {
      throw error
    } catch {
      throw CtlError(.failed, "the check was interrupted", cause: error)
    }
  }
}
