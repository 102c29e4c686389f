import EventModel
import Foundation
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

@Suite struct WriterTests {
  private let now = Timestamp(seconds: 1_800_000_000)

  private func put(_ id: String, in session: Session) throws -> ChangeResult {
    let user = User(namespace: "default", id: id)
    return try session.commit([.putUser(user, .absent)], actor: .agent, dryRun: false, now: now)[0]
  }

  @Test("jobs that fail leave the others of their group alone")
  func failures() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let results = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          do {
            _ = try await store.write(.change, rows: 1) { session in
              let result = try put("u-\(number)", in: session)
              if number.isMultiple(of: 3) { throw StoreError(.conflict, "on purpose") }
              return result
            }
            return true
          } catch {
            return false
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(results == 133)
    #expect(try await store.users(namespace: "default", page: PageRequest(size: 1_000)).items.count == 133)
    await store.close()
  }

  @Test("what waits goes by priority")
  func priority() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let order = Order()
    let gate = DispatchSemaphore(value: 0)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try? await store.write(.change, rows: 5_000) { _ in
          order.add("first")
          gate.wait()
        }
      }
      while order.names.isEmpty { await Task.yield() }
      for (priority, name) in [(WritePriority.change, "change"), (.plan, "plan"), (.record, "record")] {
        group.addTask { _ = try? await store.write(priority, rows: 5_000) { _ in order.add(name) } }
        while store.waiting < order.expected(name) { await Task.yield() }
      }
      gate.signal()
    }
    #expect(order.names == ["first", "record", "plan", "change"])
    await store.close()
  }

  @Test("a cancelled task's write is still done, or refused, never half known")
  func cancelled() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await store.write(.change, rows: 1) { try put("ada", in: $0) }
    }
    task.cancel()
    #expect(try await task.value.effect == .created)
    #expect(try await store.user(namespace: "default", id: "ada").id == "ada")
    await store.close()
  }
}

/// What ran, in order.
private final class Order: Sendable {
  private let list = Locked<[String]>([])

  var names: [String] { list.value }

  func add(_ name: String) { list.update { $0.append(name) } }

  /// How many jobs wait when this one has been handed over.
  func expected(_ name: String) -> Int { ["change", "plan", "record"].firstIndex(of: name).map { $0 + 1 } ?? 0 }
}

/// A value behind a lock.
private final class Locked<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: Value

  init(_ value: Value) { stored = value }

  var value: Value { lock.withLock { stored } }

  func update(_ body: (inout Value) -> Void) { lock.withLock { body(&stored) } }
}
