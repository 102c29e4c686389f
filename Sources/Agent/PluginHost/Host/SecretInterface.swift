import CPluginAPI
import Synchronization

/// Which secrets the instances of one plugin may ask for: those that their own configuration names.
final class SecretTable: Sendable {
  private let resolver: SecretResolver
  /// By instance name; a list, because a replaced instance and its successor may both live for a while.
  private let allowed = Mutex<[String: [Set<String>]]>([:])

  init(resolver: SecretResolver) { self.resolver = resolver }

  /// Allows an instance the references in its configuration; answers them, to be handed back to `forget`.
  func allow(_ instance: String, configuration: JSONValue) -> Set<String> {
    var references: Set<String> = []
    Self.collect(configuration, into: &references)
    allowed.withLock { $0[instance, default: []].append(references) }
    return references
  }

  /// Takes back what one `allow` gave.
  func forget(_ instance: String, _ references: Set<String>) {
    allowed.withLock { allowed in
      guard var sets = allowed[instance], let index = sets.firstIndex(of: references) else { return }
      sets.remove(at: index)
      allowed[instance] = sets.isEmpty ? nil : sets
    }
  }

  static func collect(_ value: JSONValue, into references: inout Set<String>) {
    switch value {
    case .string(let text): if SecretResolver.Reference(text) != nil { references.insert(text) }
    case .array(let items): for item in items { collect(item, into: &references) }
    case .object(let object): for member in object.members { collect(member.value, into: &references) }
    case .null, .bool, .integer, .double: break
    }
  }

  /// Resolves for an instance; answers the ABI's status, and the sentence that says why.
  func resolve(
    _ instance: String, _ text: String, _ take: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> (status: carillon_status, why: String) {
    guard let reference = SecretResolver.Reference(text) else {
      return (CARILLON_INVALID, "a secret's reference must be file:/path, env:NAME or credential:NAME")
    }
    guard allowed.withLock({ $0[instance]?.contains { $0.contains(text) } ?? false }) else {
      return (CARILLON_DENIED, "the secret's reference does not stand in the configuration of \"\(instance)\"")
    }
    do throws(PluginHostError) {
      try resolver.resolve(reference, take)
      return (CARILLON_OK, "")
    } catch {
      return (error.code == .notFound ? CARILLON_NOT_FOUND : CARILLON_INVALID, error.message)
    }
  }
}

/// `carillon.host.secret/1`
enum SecretInterface {
  private static let maximumNameBytes = 256

  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_secret_1 {
    carillon_host_secret_1(
      struct_size: UInt32(MemoryLayout<carillon_host_secret_1>.size), reserved: 0, context: context, resolve: resolve)
  }

  private typealias Resolve =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_str, carillon_take_secret?, UnsafeMutableRawPointer?,
      OpaquePointer?
    ) -> carillon_status

  private static let resolve: Resolve = { context, instance, reference, take, takeContext, error in
    guard let host = HostContext.of(context), let take, instance.len <= maximumNameBytes,
      reference.len <= SecretResolver.maximumReferenceBytes
    else { return CARILLON_INVALID }
    let answer = host.secrets.resolve(
      instance.text(maximumBytes: maximumNameBytes),
      reference.text(maximumBytes: SecretResolver.maximumReferenceBytes)
    ) { secret in
      secret.withMemoryRebound(to: CChar.self) { take(takeContext, carillon_str(ptr: $0.baseAddress, len: $0.count)) }
    }
    if answer.status != CARILLON_OK { carillon_str.with(answer.why) { ErrorCollector.fail(error, answer.status, $0) } }
    return answer.status
  }
}
