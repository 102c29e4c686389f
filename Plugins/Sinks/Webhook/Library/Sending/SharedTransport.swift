import HTTPTransport
import PluginKit0
import Synchronization

/// The one transport that all instances share while any of them is active.
final class SharedTransport: Sendable {
  static let shared = SharedTransport()

  private struct State {
    var transport: HTTPTransport?
    var users = 0
  }

  private let state = Mutex(State())

  /// The transport, started for the first user. Each call needs one ``release()``.
  func acquire() throws(PluginError) -> HTTPTransport {
    let result = state.withLock { state -> Result<HTTPTransport, HTTPTransportError> in
      do throws(HTTPTransportError) {
        let transport = if let running = state.transport { running } else { try HTTPTransport() }
        state.transport = transport
        state.users += 1
        return .success(transport)
      } catch {
        return .failure(error)
      }
    }
    do {
      return try result.get()
    } catch {
      throw PluginError(.failed, error.message)
    }
  }

  /// The last user's ends the transport.
  func release() {
    let last = state.withLock { state -> HTTPTransport? in
      state.users -= 1
      guard state.users == 0 else { return nil }
      defer { state.transport = nil }
      return state.transport
    }
    last?.shutdown()
  }
}
