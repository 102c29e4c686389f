import ArgumentParser
import Store

/// One clear line on standard error, and an exit code: 64 usage, 3 unreachable, 6 in use or in the way, 1 all else.
enum MovingFailure {
  /// - Parameter progress: ends before the line is written.
  static func told<Value>(
    _ progress: ProgressLine? = nil, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      let value = try await body()
      progress?.end()
      return value
    } catch let error as StoreError {
      progress?.end()
      ConfigurationOptions.complain(error.message)
      throw ExitCode(exitCode(error.code))
    }
  }

  private static func exitCode(_ code: StoreError.Code) -> Int32 {
    switch code {
    case .invalid: 64
    case .unavailable: 3
    case .locked, .failedPrecondition, .alreadyExists, .conflict, .fenced: 6
    case .notFound: 5
    case .full, .corrupt, .unknown: 1
    }
  }
}
