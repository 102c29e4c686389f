import Certificates
import EventModel
import Logging
import ServiceLifecycle

/// Renews the listener's own certificate, where this agent holds the key of the authority that issued it. Same key, same
/// names, same lifetime: one file changes, and the listener, which watches it, takes it up.
struct CertificateRenewal: Service {
  /// Renewed when less than this share of its time is left.
  static let renewedAt = 1.0 / 3
  /// How often it is looked at. Short lifetimes are for those who renew from outside.
  static let every = Duration.seconds(3_600)

  let files: AuthorityFiles
  let logger: Logger
  let clock: any Clock<Duration>
  let now: @Sendable () -> Timestamp

  init(
    files: AuthorityFiles, logger: Logger, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Timestamp = { SystemClock.now() }
  ) {
    self.files = files
    self.logger = logger
    self.clock = clock
    self.now = now
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      repeat { renew() } while (try? await clock.sleep(for: Self.every)) != nil
    }
  }

  /// Looks once.
  /// - Returns: the new certificate's end; nil when nothing was to be done, or it failed: then the log says why.
  @discardableResult
  func renew() -> Timestamp? {
    guard let file = files.serverCertificate, files.isAuthority else { return nil }
    do throws(CertificateRenewalError) {
      guard let issued = try renewed(file) else { return nil }
      do throws(FileError) {
        try PrivateFiles.replace(file, issued.pem)
      } catch {
        throw CertificateRenewalError(error.message)
      }
      logger.notice("renewed the server's certificate", metadata: ["file": "\(file)", "sha256": "\(issued.sha256)"])
      return issued.expires
    } catch {
      logger.error(
        "the server's certificate runs out and cannot be renewed",
        metadata: ["file": "\(file)", "reason": "\(error.reason)"])
      return nil
    }
  }

  private func renewed(_ file: String) throws(CertificateRenewalError) -> Issued? {
    let text: String
    do throws(FileError) {
      text = try BoundedFile.text(file, maximumBytes: TLSSetting.maximumFileBytes)
    } catch {
      throw CertificateRenewalError(error.message)
    }
    let now = now()
    do throws(CertificatesError) {
      let chain = try CertificateChain(pem: text)
      guard chain.shareLeft(now: now) < Self.renewedAt else { return nil }
      let authority = try files.authority()
      // Somebody else's certificate is somebody else's to renew.
      guard authority.issued(chain) else { return nil }
      let lifetime = max(chain.expires - chain.validFrom, Authority.lifetimes.lowerBound)
      return try authority.renew(
        chain, names: chain.names, purpose: .server, lifetime: min(lifetime, Authority.lifetimes.upperBound), now: now)
    } catch {
      throw CertificateRenewalError(error.message)
    }
  }
}

private struct CertificateRenewalError: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
