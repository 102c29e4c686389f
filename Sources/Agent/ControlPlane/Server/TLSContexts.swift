import EventModel
import NIOSSL
import Synchronization

/// Where a TLS listener finds its certificates; files in PEM.
public struct TLSFiles: Hashable, Sendable {
  /// The server's certificate, followed by what leads to its authority.
  public var certificate: String
  /// The certificate's private key.
  public var key: String
  /// The authorities that clients' certificates must come from.
  public var clientAuthority: String

  /// Makes it.
  public init(certificate: String, key: String, clientAuthority: String) {
    self.certificate = certificate
    self.key = key
    self.clientAuthority = clientAuthority
  }
}

/// Host and port that a TLS listener binds.
public struct TLSAddress: Hashable, Sendable {
  /// A name, an IPv4 address, or an IPv6 address without brackets.
  public var host: String
  /// 0: any that is free.
  public var port: Int

  /// Makes it.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

/// What handshakes go by: made from files, and made anew from them while connections stay open.
final class TLSContexts: Sendable {
  /// What a handshake that begins now goes by.
  struct Current: Sendable {
    let context: NIOSSLContext
    /// Grows with each change of the client authority.
    let generation: Int
    /// Until then the server's certificate is valid.
    let expires: Timestamp
    /// Of the server's certificate, to tell people which one is in use.
    let digest: String
  }

  /// What became of reading the files again.
  enum Reload: Hashable, Sendable {
    case unchanged
    case certificate
    case authority
  }

  private struct Loaded: Sendable {
    var current: Current
    var material: TLSPieces
    var files: TLSFiles
  }

  private let now: @Sendable () -> Timestamp
  private let state: Mutex<Loaded>

  /// Reads the files.
  /// - Throws: `.invalidConfiguration` that names the file and what is wrong with it.
  init(files: TLSFiles, now: @escaping @Sendable () -> Timestamp) throws(ControlPlaneError) {
    self.now = now
    let material = try TLSPieces(files)
    state = Mutex(
      Loaded(current: try material.check(files, generation: 1, now: now()), material: material, files: files))
  }

  var current: Current { state.withLock { $0.current } }

  /// Reads the files again, or others from now on, and goes by them, unless something is wrong with them: then what was
  /// goes on.
  /// - Throws: `.invalidConfiguration` that names the file and what is wrong with it.
  func reload(from others: TLSFiles? = nil) throws(ControlPlaneError) -> Reload {
    let old = state.withLock { $0 }
    let files = others ?? old.files
    let material = try TLSPieces(files)
    guard material != old.material else {
      state.withLock { $0.files = files }
      return .unchanged
    }
    let isNewAuthority = material.authority != old.material.authority
    let generation = old.current.generation + (isNewAuthority ? 1 : 0)
    let current = try material.check(files, generation: generation, now: now())
    state.withLock { $0 = Loaded(current: current, material: material, files: files) }
    return isNewAuthority ? .authority : .certificate
  }

  /// How long the server's certificate is valid yet.
  var expiresIn: TimeSpan { current.expires - now() }
}
