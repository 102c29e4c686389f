import AgentHarness
import Foundation
import Testing

extension CheckHost {
  @Suite("Agents that do not outlive it")
  struct BadAgentTests {
    /// An agent with one fault, and what must be said of it.
    struct Bad: Sendable, CustomTestStringConvertible {
      var testDescription: String
      /// What the script does beside the real agent: `$folder` is the agent's, `$agent` its number.
      var script: String
      var fault: String
      var ending = "wait $agent"
      var options: [String] = []
    }

    private static let whenDelivered = "while ! [ -s $folder/deliveries ]; do :; done; "

    static let all = [
      Bad(testDescription: "ends before it is ready", script: "kill -9 $agent; exit 3", fault: "before it was ready"),
      Bad(
        testDescription: "dies while it is attacked",
        script: "while ! [ -s $folder/told ]; do :; done; kill -9 $agent; exit 9", fault: "the agent ended with 9"),
      Bad(
        testDescription: "delivers twice",
        script:
          "(\(whenDelivered) head -n 1 $folder/deliveries >$folder/again; cat $folder/again >>$folder/deliveries) &",
        fault: "deliveries twice"),
      Bad(
        testDescription: "counts as delivered what it loses",
        script: "(while kill -0 $agent; do [ -s $folder/deliveries ] && : >$folder/deliveries; done 2>&-) &",
        fault: "never came there"),
      Bad(
        testDescription: "tells a secret", script: "echo \"time=now secret=$CARILLON_CHECK_SECRET\" >&2",
        fault: "a secret is in the log"),
      Bad(
        testDescription: "writes what a plugin sent to its log", script: "printf 'time=now \\033[2J\\n' >&2",
        fault: "control characters"),
      Bad(
        testDescription: "leaves a process behind", script: "sleep 600 >&- 2>&- & echo \"pid $!\" >>$folder/told",
        fault: "outlived the agent"),
      Bad(
        testDescription: "ends with an error", script: "", fault: "the agent ended with 5",
        ending: "wait $agent; exit 5"),
      Bad(
        testDescription: "does not end",
        // It is killed at last; what it started goes with it.
        script: "trap '' TERM; (while kill -0 $$; do sleep 0.1; done 2>&-; kill -9 $agent) &",
        fault: "did not end within",
        ending: "while :; do sleep 0.1; done", options: ["--end-limit", "2s"]),
    ]

    @Test("each is caught, and the fault told", .timeLimit(.minutes(2)), arguments: all)
    func caught(_ bad: Bad) async throws {
      try await TemporaryFolder.with { folder in
        let text = """
          #!/bin/bash
          folder=$(dirname "$3")
          '\(try Programs.find().agent)' "$@" &
          agent=$!
          trap 'kill -TERM $agent' TERM
          \(bad.script)
          \(bad.ending)
          status=$?
          kill -0 $agent 2>&- && { wait $agent; status=$?; }
          exit $status
          """
        let program = try folder.write(text, to: "agent.sh")
        chmod(program, 0o700)
        let (report, exit) = try await CheckHost.check(
          ["--agent", program, "--case", "double-complete", "--isolation", "process", "--seed", "1"] + bad.options)
        #expect(!report.clean && exit == 1)
        let faults = report.trials.flatMap(\.faults)
        #expect(faults.contains { $0.contains(bad.fault) }, "\(faults)")
      }
    }
  }
}
