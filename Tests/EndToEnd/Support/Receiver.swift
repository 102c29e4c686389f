import AgentHarness
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on loopback that keeps what it gets.
final class Receiver: Sendable {
  /// One request, complete.
  struct Arrival: Sendable {
    var path: String
    var headers: [String: String]
    var body: String
    /// Microseconds since 1970, when its last byte was read.
    var at: Int64
    /// The same on the clock that never jumps.
    var instant: ContinuousClock.Instant

    /// The event's id: the webhook id without what tells its sinks apart.
    var id: String {
      let whole = headers["webhook-id"] ?? ""
      return whole.lastIndex(of: "_").map { String(whole[..<$0]) } ?? whole
    }
  }

  /// What to answer.
  struct Plan: Sendable {
    var status = 204
    var delay = TimeAmount.zero
  }

  let port: Int
  private let store: ArrivalStore

  private init(port: Int, store: ArrivalStore) {
    self.port = port
    self.store = store
  }

  /// Listens on a port that the kernel chooses, for as long as `body` runs.
  static func with<Result: Sendable>(
    _ plan: Plan = Plan(), _ body: (Receiver) async throws -> Result
  ) async throws -> Result {
    let store = ArrivalStore()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 1_024)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(ReceiverHandler(plan: plan, store: store))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    guard let port = channel.localAddress?.port else { throw HarnessError(.system, "the receiver has no port") }
    do {
      let result = try await body(Receiver(port: port, store: store))
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  /// All arrivals so far, oldest first.
  var arrivals: [Arrival] { store.arrivals.withLock { $0.list } }

  /// How many different ids came so far.
  var distinctCount: Int { store.arrivals.withLock { $0.counts.count } }

  /// How often each id came so far.
  var counts: [String: Int] { store.arrivals.withLock { $0.counts } }

  /// Waits until so many different ids came.
  func wait(for count: Int, within limit: Duration = .seconds(60)) async throws {
    try await eventually("\(count) deliveries (there are \(distinctCount))", within: limit, every: .milliseconds(2)) {
      distinctCount >= count
    }
  }
}

/// What all connections of a receiver share.
private final class ArrivalStore: Sendable {
  struct Arrivals {
    var list: [Receiver.Arrival] = []
    var counts: [String: Int] = [:]
  }

  let arrivals = Mutex(Arrivals())

  func add(_ arrival: Receiver.Arrival) {
    arrivals.withLock {
      $0.list.append(arrival)
      $0.counts[arrival.id, default: 0] += 1
    }
  }
}

/// One connection: reads a request, keeps it, answers as planned.
private final class ReceiverHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let maximumBodyBytes = 1 << 20

  private let plan: Receiver.Plan
  private let store: ArrivalStore
  private var head: HTTPRequestHead?
  private var body = ByteBuffer()

  init(plan: Receiver.Plan, store: ArrivalStore) {
    self.plan = plan
    self.store = store
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.clear()
    case .body(var part):
      guard body.readableBytes + part.readableBytes <= Self.maximumBodyBytes else { return context.close(promise: nil) }
      body.writeBuffer(&part)
    case .end:
      guard let head else { return }
      store.add(
        Receiver.Arrival(
          path: head.uri, headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 },
          body: String(buffer: body), at: Seed.now(), instant: ContinuousClock().now))
      answer(context, head)
    }
  }

  private func answer(_ context: ChannelHandlerContext, _ request: HTTPRequestHead) {
    let head = HTTPResponseHead(
      version: request.version, status: .init(statusCode: plan.status),
      headers: plan.status == 204 ? [:] : ["content-length": "0"])
    guard plan.delay > .zero else { return send(context, head) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: plan.delay) {
      let (handler, context) = bound.value
      handler.send(context, head)
    }
  }

  private func send(_ context: ChannelHandlerContext, _ head: HTTPResponseHead) {
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A killed agent resets its connections; that is what some tests are about.
    context.close(promise: nil)
  }
}
