import CPostgreSQL
import Store

extension PostgresSession {
  /// Looks at whom it is connected to.
  func greet() throws(StoreError) {
    let about = try simple(
      """
      SELECT current_setting('server_version_num'), pg_is_in_recovery()::int, pg_backend_pid(), \(Incarnation.columns)
      """)
    guard let version = about.integer(0, 0), let isStandby = about.integer(0, 1) else {
      throw StoreError(.unavailable, "\(configuration.redacted) is no PostgreSQL")
    }
    incarnation = Incarnation(started: about.integer(0, 3) ?? 0, recovered: about.integer(0, 4) ?? 0)
    // A pooler names processes of its own.
    isPooled = about.integer(0, 2) != Int64(PQbackendPID(try connected()))
    guard version >= PostgresConfiguration.oldestServer else {
      throw StoreError(
        .failedPrecondition,
        "\(configuration.redacted) is of version \(version / 10_000); the oldest one that is taken is "
          + "\(PostgresConfiguration.oldestServer / 10_000)")
    }
    if isStandby == 1, configuration.role == .primary {
      throw StoreError(
        .unavailable, "\(configuration.redacted) is a standby, which takes no writes")
    }
  }
}

extension PostgresResult {
  /// An integer that came as text.
  func integer(_ row: Int, _ column: Int) -> Int64? {
    guard row < rows, column < columns else { return nil }
    return Int64(rawText(row, column))
  }
}
