import ControlAPI
import GRPCCore
import Store

/// The messages of an import that are under way, in the order of the stream.
///
/// Two are under way at a time, so that one is made ready for the store while the other is in it. They may be committed in
/// any order: so nothing is named in both. A message is under way until it is answered: a client that does not take its
/// answers gets no more messages read.
struct ImportLine: Sendable {
  typealias Commit = Task<Carillon_V1_ImportUsersResponse, any Error>

  /// The most messages that are under way.
  static let maximum = 2

  private let places: AsyncStream<Void>
  private let placeIsFree: AsyncStream<Void>.Continuation
  private let commits: AsyncStream<Result<Commit, any Error>>
  private let commitBegan: AsyncStream<Result<Commit, any Error>>.Continuation

  init() {
    (places, placeIsFree) = AsyncStream.makeStream()
    (commits, commitBegan) = AsyncStream.makeStream()
    for _ in 0..<Self.maximum { placeIsFree.yield() }
  }

  /// Takes messages until there are no more, reads them, and begins to commit each when there is a place. An error is told
  /// after the messages before it.
  func fill(
    from messages: RPCAsyncSequence<Carillon_V1_ImportUsersRequest, any Error>, _ environment: Environment,
    _ actor: Actor, read: (Carillon_V1_ImportUsersRequest) async throws -> ImportMessage
  ) async {
    var underWay: [(names: Set<String>, commit: Commit)] = []
    var free = places.makeAsyncIterator()
    do {
      for try await message in messages {
        // What schedules alone speak of may be in the messages before.
        if message.items.contains(where: { !$0.hasUser }) { await Self.finish(&underWay) { _ in true } }
        let batch = try await read(message)
        guard await free.next() != nil else { break }
        await Self.finish(&underWay) { !$0.isDisjoint(with: batch.names) }
        let commit = Task { try await batch.commit(environment, actor) }
        underWay = underWay.suffix(Self.maximum - 1) + [(batch.names, commit)]
        commitBegan.yield(.success(commit))
      }
    } catch {
      commitBegan.yield(.failure(error))
    }
    commitBegan.finish()
    if Task.isCancelled { for (_, commit) in underWay { commit.cancel() } }
    await Self.finish(&underWay) { _ in true }
  }

  /// Waits for what names something that must not be under way.
  private static func finish(
    _ underWay: inout [(names: Set<String>, commit: Commit)], where isInTheWay: (Set<String>) -> Bool
  ) async {
    for (names, commit) in underWay where isInTheWay(names) { _ = await commit.result }
    underWay.removeAll { isInTheWay($0.names) }
  }

  /// Hands out the answers, in order.
  func answers(_ write: (Carillon_V1_ImportUsersResponse) async throws -> Void) async throws {
    for await commit in commits {
      try await write(commit.get().value)
      placeIsFree.yield()
    }
  }
}
