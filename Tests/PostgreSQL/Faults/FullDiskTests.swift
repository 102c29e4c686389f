import EventModel
import Foundation
import Store
import StoreSQL
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// A small file system in memory, for root.
private struct SmallDisk {
  let path = "/tmp/carillon-disk-\(UInt32.random(in: 0 ... .max))"
  static let megabytes = 64
  static var isPossible: Bool { geteuid() == 0 && (try? SmallDisk().probe()) != nil }

  func mount() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Glibc.mount("tmpfs", path, "tmpfs", 0, "size=\(Self.megabytes)m,mode=0777") == 0 else {
      throw POSIXError(.EPERM)
    }
  }

  func unmount() {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }

  private func probe() throws {
    defer { unmount() }
    try mount()
  }

  /// Leaves no byte free.
  func fill() throws {
    let file = open(path + "/filler", O_WRONLY | O_CREAT, 0o600)
    defer { close(file) }
    let zeros = [UInt8](repeating: 0, count: 65_536)
    while write(file, zeros, zeros.count) > 0 {}
  }

  func makeRoom() { unlink(path + "/filler") }
}

@Suite("A full disk", .enabled(if: SmallDisk.isPossible, "only root may mount a small file system"))
struct FullDiskTests {
  @Test("it is said in one sentence, nothing is half written, and it goes on when there is room")
  func full() async throws {
    let disk = SmallDisk()
    try disk.mount()
    defer { disk.unmount() }
    let cluster = try await Cluster.quick.value
    let name = "full\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: disk.path + "/data", withIntermediateDirectories: true)
    let owner = try #require(getpwnam("postgres")?.pointee)
    chown(disk.path + "/data", owner.pw_uid, owner.pw_gid)
    try cluster.superuser("CREATE TABLESPACE \(name) LOCATION '\(disk.path)/data'")
    try cluster.superuser("CREATE DATABASE \(name) OWNER carillon TABLESPACE \(name)")
    let url = cluster.primary.replacing(/\/carillon$/, with: "/" + name)
    let store = try await PostgresStore.open(PostgresStore.Options(url: url, connections: 2))
    let scene = Scene(store: store, reopen: { $0 })
    try await scene.crowd(500, due: Scene.start)
    let lease = try await scene.longAgent("one")
    let events = try await scene.take(lease, at: Scene.start)
    try disk.fill()
    let changes = (0..<1_000).map { Change.putSchedule(Scene.schedule("x-\($0)"), .none) }
    let error = await #expect(throws: StoreError.self) {
      try await store.commit(changes, actor: .agent, dryRun: false, now: Scene.start)
    }
    #expect(error?.code == .full)
    #expect(error?.message.contains("the database's disk is full") == true)
    let receipts = events.map { event in
      var receipt = Scene.receipt(event)
      receipt.detail = String(repeating: "x", count: 1_000)
      return receipt
    }
    let other = await #expect(throws: StoreError.self) {
      try await store.record(receipts, lease: lease, now: Scene.start)
    }
    #expect(other?.code == .full)
    #expect(try await scene.audit().closedOnce == 0)
    #expect(
      try await store.schedules(namespace: "default", filter: ScheduleFilter(), page: PageRequest(size: 1_000)).items
        .count == 500)
    disk.makeRoom()
    _ = try await store.commit(changes, actor: .agent, dryRun: false, now: Scene.start)
    #expect(try await store.record(receipts, lease: lease, now: Scene.start).fenced.isEmpty)
    #expect(try await scene.audit().outcomes == [.delivered: 500])
    await store.close()
    try cluster.superuser("DROP DATABASE \(name) WITH (FORCE)")
    try cluster.superuser("DROP TABLESPACE \(name)")
  }
}
