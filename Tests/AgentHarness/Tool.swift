import Subprocess
import SystemPackage

/// A program that runs to its end.
public struct Tool: Sendable {
  /// How it ended, and what it said.
  public struct Answer: Sendable {
    /// Its exit code; 128 and the signal's number when a signal ended it.
    public var exitCode: Int32
    /// Standard output.
    public var output: String
    /// Standard error.
    public var errors: String
  }

  private static let maximumOutputBytes = 64 << 20

  /// Runs a program and waits for its end, at most `limit`; then it is killed.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
    limit: Duration = .seconds(60)
  ) async throws -> Answer {
    var options = PlatformOptions()
    options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .seconds(1))]
    let platformOptions = options
    return try await withThrowingTaskGroup(of: Answer?.self) { group in
      group.addTask {
        let result = try await Subprocess.run(
          .path(FilePath(program)), arguments: Arguments(arguments), environment: childEnvironment(environment),
          platformOptions: platformOptions, input: .string(input), output: .string(limit: maximumOutputBytes),
          error: .string(limit: maximumOutputBytes))
        return Answer(
          exitCode: exitCode(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
      }
      group.addTask {
        try await ContinuousClock().sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let answer = try await group.next() ?? nil else {
        throw HarnessError(.timedOut, "\(program) \(arguments.joined(separator: " ")) did not end within \(limit)")
      }
      return answer
    }
  }

  /// The same for a program that must succeed.
  public static func output(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
    limit: Duration = .seconds(60)
  ) async throws -> String {
    let answer = try await run(program, arguments, environment: environment, input: input, limit: limit)
    guard answer.exitCode == 0 else {
      throw HarnessError(
        .failed,
        "\(program) \(arguments.joined(separator: " ")): exit \(answer.exitCode): \(answer.errors.suffix(4_000))")
    }
    return answer.output
  }

  /// Runs one of the Python programs under a `Fixtures` folder.
  public static func python(
    _ script: String, _ arguments: [String], input: String = "", limit: Duration = .seconds(120)
  ) async throws -> String {
    try await output(Programs.python, [script] + arguments, input: input, limit: limit)
  }

  /// As a shell reports it.
  static func exitCode(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 &+ signal
    }
  }

  /// What a child sees: nothing of the caller's own settings, whatever they are.
  static func childEnvironment(_ settings: [String: String]) -> Environment {
    var values: [Environment.Key: String] = [:]
    for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"] {
      if let value = Programs.value(of: name), let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    for (name, value) in settings {
      if let key = Environment.Key(rawValue: name) { values[key] = value }
    }
    return .custom(values)
  }
}
