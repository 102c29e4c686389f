import CPluginAPI

/// The host as `start` gave it: its tables looked up once.
///
/// Unchecked: the header promises that the host's tables stay valid and unchanged until the process ends, and
/// that their functions may be called from any thread.
final class LoadedHost: @unchecked Sendable, HostServices {
  private let host: carillon_host
  private let logTable: carillon_host_log_1?
  private let deliveryTable: carillon_host_delivery_1?
  private let secretTable: carillon_host_secret_1?
  private let timeTable: carillon_host_time_1?
  let metricsTable: carillon_host_metrics_1?

  init(_ pointer: UnsafePointer<carillon_host>?) throws(PluginError) {
    let host = try Borrowed.structure(pointer)
    self.host = host
    logTable = try Self.table(CARILLON_HOST_LOG_1, of: host)
    deliveryTable = try Self.table(CARILLON_HOST_DELIVERY_1, of: host)
    secretTable = try Self.table(CARILLON_HOST_SECRET_1, of: host)
    timeTable = try Self.table(CARILLON_HOST_TIME_1, of: host)
    metricsTable = try Self.table(CARILLON_HOST_METRICS_1, of: host)
  }

  private static func table<Table: BitwiseCopyable>(_ id: String, of host: carillon_host) throws(PluginError) -> Table?
  {
    guard let address = id.withCString({ host.interface?(host.context, $0) }) else { return nil }
    return try Borrowed.structure(address.assumingMemoryBound(to: Table.self))
  }

  /// Tells the host why a call fails; answers the status to return.
  func report(_ failure: PluginError, to error: OpaquePointer?) -> carillon_status {
    for violation in failure.violations {
      lending(violation.pointer) { pointer in
        lending(violation.code) { code in
          lending(violation.message) { host.violation?(error, pointer, code, $0) }
        }
      }
    }
    lending(failure.message) { host.fail?(error, failure.status.rawValue, $0) }
    return failure.status.rawValue
  }

  func isLogged(_ level: LogLevel) -> Bool {
    guard let table = logTable else { return false }
    return table.enabled?(table.context, level.rawValue) == 1
  }

  func log(_ level: LogLevel, instance: String, message: String) {
    guard let table = logTable else { return }
    lending(instance) { instance in
      lending(message) { table.write?(table.context, level.rawValue, instance, $0) }
    }
  }

  func complete(_ completions: [Completion]) -> CompletionAnswer {
    guard let table = deliveryTable, let complete = table.complete else { return .refused(.unsupported) }
    let status = LentResults.withPointers(to: completions) { tickets, results in
      complete(table.context, tickets, results, completions.count)
    }
    switch status {
    case CARILLON_OK: return .taken
    case CARILLON_STALE: return .someStale
    default: return .refused(PluginError.Status(rawValue: status) ?? .failed)
    }
  }

  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret {
    guard let table = secretTable, let resolve = table.resolve else { throw Self.missing(CARILLON_HOST_SECRET_1) }
    let taken = TakenSecret()
    let status = lending(instance) { instance in
      lending(reference) { reference in
        resolve(
          table.context, instance, reference,
          { context, secret in
            guard let context else { return }
            let bytes = UnsafeRawBufferPointer(start: secret.ptr, count: secret.ptr == nil ? 0 : secret.len)
            Unmanaged<TakenSecret>.fromOpaque(context).takeUnretainedValue().secret = Secret(copying: bytes)
          }, Unmanaged.passUnretained(taken).toOpaque(), nil)
      }
    }
    guard status == CARILLON_OK else { throw Self.failure(status, "the secret \(reference)") }
    guard let secret = taken.secret else { throw PluginError(.failed, "the host gave no secret for \(reference)") }
    return secret
  }

  func instant(of civil: Civil, in timeZone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int64 {
    guard let table = timeTable, let instant = table.instant else { throw Self.missing(CARILLON_HOST_TIME_1) }
    var local = carillon_civil(civil)
    var result: Int64 = 0
    let status = lending(timeZone) { instant(table.context, $0, &local, gap.rawValue, fold.rawValue, &result) }
    guard status == CARILLON_OK else { throw Self.failure(status, "\(civil) in \(timeZone)") }
    return result
  }

  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    guard let table = timeTable, let civil = table.civil else { throw Self.missing(CARILLON_HOST_TIME_1) }
    var local = carillon_civil()
    let status = lending(timeZone) { civil(table.context, $0, instant, &local) }
    guard status == CARILLON_OK else { throw Self.failure(status, "an instant in \(timeZone)") }
    return try Borrowed.civil(local, "the host's answer")
  }

  private static func missing(_ id: String) -> PluginError {
    PluginError(.unsupported, "this host does not have \(id)")
  }

  private static func failure(_ status: carillon_status, _ subject: String) -> PluginError {
    let status = PluginError.Status(rawValue: status) ?? .failed
    let reason =
      switch status {
      case .notFound: "was not found"
      case .denied: "may not be had"
      case .invalid: "is not valid"
      default: "could not be had"
      }
    return PluginError(status, "\(subject) \(reason)")
  }
}

/// Carries a secret out of the host's callback, which runs on the calling thread.
private final class TakenSecret {
  var secret: Secret?
}
