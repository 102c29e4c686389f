import EventModel
import Glibc
public import Store
import StoreSQL
import StoreSQLite

extension StoreMove {
  /// Writes a backup of a store, which agents may go on using.
  /// - Parameters:
  ///   - path: a file that is not there yet; it appears when it is whole and on the disk, with mode 0600.
  ///   - version: of the program.
  /// - Throws: `.alreadyExists` when there is such a file, `.notFound` when there is no store, `.full` when there is no room, and what reading the store throws.
  public static func backup(
    of address: StoreAddress, to path: String, version: String, watch: @escaping Watcher = { _ in }
  ) async throws(StoreError) -> Report {
    if case .sqlite(let store) = address, access(store, F_OK) != 0 {
      throw StoreError(.notFound, "there is no store at \(store)")
    }
    let file = try BackupFile(path: path)
    let descriptor = file.descriptor
    var report: Report
    switch address {
    case .sqlite(let store):
      report = try await SQLiteSnapshot.read(path: store) {
        try export($0, to: descriptor, version: version, takenAt: MachineClock.now(), watch)
      }
    case .postgresql:
      let store = try await OpenStore.open(address)
      do throws(StoreError) {
        let now = try await store.clock()
        report = try await store.snapshot { try export($0, to: descriptor, version: version, takenAt: now, watch) }
        await store.close()
      } catch {
        await store.close()
        throw error
      }
    }
    try file.publish()
    return report
  }

  static func export(
    _ session: Session, to descriptor: Int32, version: String, takenAt: Timestamp, _ watch: @escaping Watcher
  ) throws -> Report {
    var writer = BackupWriter(descriptor)
    let exporter = Exporter(session: session) { watch(Progress(table: $0, rows: $1)) }
    let trailer = try exporter.write(to: &writer, version: version, takenAt: takenAt)
    var report = Report(trailer, takenAt: takenAt)
    report.bytes = writer.count
    return report
  }
}
