import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  @Suite("Listening")
  struct ListenTests {
    /// Takes the arguments of a program that listens; prints the code of its answer to a request.
    private static let script = """
      port=$1; shift
      "$@" listen --port "$port" >/dev/null 2>&1 & pid=$!
      for attempt in $(seq 200); do
        code=$(curl -s -o /dev/null -m 5 -w '%{http_code}' -d '{}' "http://127.0.0.1:$port/") && break
        sleep 0.1
      done
      kill "$pid"
      echo "$code"
      """

    /// Tests run as root in many places, and then would not see what only root may do.
    @Test("ctl listen answers when it runs as a user without rights", .timeLimit(.minutes(5)))
    func nobody() async throws {
      let programs = try Programs.find()
      try await TemporaryFolder.with { folder in
        let ctl = "\(folder.path)/ctl"
        try FileManager.default.copyItem(atPath: programs.ctl, toPath: ctl)
        for path in [folder.path, ctl] {
          try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        let user = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        let port = "\(try LoopbackPort.free())"
        let answer = try await Tool.run("/bin/bash", ["-c", Self.script, "bash", port] + user + [ctl])
        #expect(answer.output == "204\n", "\(answer.errors)")
      }
    }
  }
}
