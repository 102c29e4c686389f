import Glibc
import Subprocess
import SystemPackage

/// nginx on loopback: answers 204 to everything, and logs each request's time and webhook id.
public struct Nginx: Sendable {
  /// Where it listens.
  public let port: Int
  /// One line an answer: seconds since 1970 with milliseconds, status, `webhook-id`, and how late the request says it is,
  /// in milliseconds.
  public let accessLog: String

  private static let program = "/usr/sbin/nginx"
  private static let echo = "/usr/lib/nginx/modules/ngx_http_echo_module.so"

  /// Starts it in a folder of its own, runs `body`, and stops it.
  /// - Parameter delay: how long it takes for each answer; as many wait side by side as come.
  public static func with<Result: Sendable>(
    answersAfter delay: Duration = .zero, _ body: @Sendable (Nginx) async throws -> Result
  ) async throws -> Result {
    for file in delay > .zero ? [program, echo] : [program] where access(file, R_OK) != 0 {
      throw HarnessError(.missing, "\(file) is not installed; run deploy/setup.sh --tests")
    }
    return try await TemporaryFolder.with { folder in
      let nginx = Nginx(port: try LoopbackPort.free(), accessLog: "\(folder.path)/access.log")
      let file = try folder.write(configuration(folder.path, nginx, delay), to: "nginx.conf")
      var options = PlatformOptions()
      options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(2))]
      let outcome = try await Subprocess.run(
        .path(FilePath(program)), arguments: ["-c", file, "-p", folder.path, "-e", "\(folder.path)/error.log"],
        platformOptions: options, input: .none, output: .discarded, error: .discarded
      ) { execution in
        try await nginx.waitUntilUp(folder)
        let result = try await body(nginx)
        try execution.send(signal: .terminate)
        return result
      }
      return outcome.closureResult
    }
  }

  private func waitUntilUp(_ folder: TemporaryFolder) async throws {
    do {
      try await eventually("nginx listens", within: .seconds(10)) {
        await LoopbackHTTP.get("/", port: port)?.status == 204
      }
    } catch {
      throw HarnessError(.failed, "nginx did not start: \(folder.read("error.log").suffix(1_000))", cause: error)
    }
    try forget()
  }

  /// Empties the log; the server goes on writing at its end.
  public func forget() throws {
    guard truncate(accessLog, 0) == 0 else {
      throw HarnessError(.system, "cannot empty \(accessLog): \(String(cString: strerror(errno)))")
    }
  }

  private static func configuration(_ folder: String, _ nginx: Nginx, _ delay: Duration) -> String {
    """
    \(delay > .zero ? "load_module \(echo);" : "")
    daemon off;
    master_process off;
    pid \(folder)/nginx.pid;
    error_log \(folder)/error.log error;
    worker_rlimit_nofile 16384;
    events { worker_connections 8192; accept_mutex off; }
    http {
      log_format arrivals '$msec $status $http_webhook_id $http_carillon_late_ms';
      access_log \(nginx.accessLog) arrivals;
      client_body_temp_path \(folder)/body;
      proxy_temp_path \(folder)/proxy;
      fastcgi_temp_path \(folder)/fastcgi;
      uwsgi_temp_path \(folder)/uwsgi;
      scgi_temp_path \(folder)/scgi;
      keepalive_requests 10000000;
      keepalive_timeout 300s;
      server {
        listen 127.0.0.1:\(nginx.port) backlog=8192;
        location / { \(answer(delay)) }
      }
    }

    """
  }

  private static func answer(_ delay: Duration) -> String {
    guard delay > .zero else { return "return 204;" }
    let (seconds, attoseconds) = delay.components
    return "echo_status 204; echo_sleep \(Double(seconds) + Double(attoseconds) / 1e18);"
  }
}
