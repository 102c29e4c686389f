import Certificates
import EventModel

/// Makes the files of an installation. What is there already is kept; what is missing of a pair is made to fit.
struct Installer {
  /// What became of a file.
  enum Effect: String, Sendable {
    case made
    case kept
    case renewed
  }

  /// How long the certificates that it makes are valid.
  static let certificateLifetime = TimeSpan.seconds(365 * 86_400)

  let plan: Installation
  let now: Timestamp
  /// Whose the files are; nil: whoever runs this.
  let owner: PrivateFiles.Owner?
  /// Told of each file.
  let report: (String, Effect) -> Void

  /// Makes everything but the caller's own context.
  func install() throws(SetupError) {
    try named(plan.directory) { () throws(FileError) in try PrivateFiles.makeParents(of: plan.directory) }
    try folder(plan.directory, mode: plan.isSystem ? 0o755 : 0o700)
    try folder(plan.keys, mode: 0o700)
    let authority = try makeAuthority()
    try makePair(plan.server, names: serverNames(), purpose: .server, authority)
    try makePair(plan.administrator, names: try adminNames(), purpose: .client, authority)
    try make(plan.configuration, plan.configurationText, mode: 0o600)
    guard let address = plan.address else { return }
    try make(plan.bundle, try bundle(Bundle.Target(name: plan.name, address: address)), mode: 0o600)
  }

  /// New certificates for the same keys: only one file of each pair changes, so that nobody ever reads two that do not
  /// fit together.
  /// - Parameter hosts: whether the server's names are to be those of the plan; else they stay.
  func renew(hosts: Bool) throws(SetupError) {
    let authority = try readAuthority()
    try renew(plan.server, names: hosts ? serverNames() : nil, purpose: .server, authority)
    try renew(plan.administrator, names: nil, purpose: .client, authority)
    guard Self.isThere(plan.bundle) else { return }
    let before = try read(plan.bundle)
    guard let target = Bundle.target(of: before) else { throw SetupError("\(plan.bundle): is no file of agent init") }
    try replace(plan.bundle, try bundle(target))
  }

  private func serverNames() -> [SubjectName] { plan.hosts + [plan.agentIdentity].compactMap { $0 } }

  private func adminNames() throws(SetupError) -> [SubjectName] {
    guard let name = plan.adminIdentity else {
      throw SetupError("--admin must be of letters, digits, -, _ and ., not \"\(plan.admin)\"")
    }
    return [name]
  }

  private func makeAuthority() throws(SetupError) -> Authority {
    let pair = plan.authority
    let key = try makeKey(pair, "the authority")
    if Self.isThere(pair.certificate) {
      report(pair.certificate, .kept)
      return try readAuthority(key)
    }
    let authority = try made { () throws(CertificatesError) in
      try Authority(named: "Carillon authority of \(plan.name)", key: key, now: now)
    }
    try make(pair.certificate, try made { () throws(CertificatesError) in try authority.pem() }, mode: 0o644)
    return authority
  }

  private func readAuthority() throws(SetupError) -> Authority { try readAuthority(try readKey(plan.authority.key)) }

  private func readAuthority(_ key: PrivateKey) throws(SetupError) -> Authority {
    let file = plan.authority.certificate
    let text = try read(file)
    return try made(file) { () throws(CertificatesError) in
      try Authority(key: key, certificates: try CertificateChain(pem: text))
    }
  }

  private func makePair(
    _ pair: Installation.Pair, names: [SubjectName], purpose: Authority.Purpose, _ authority: Authority
  ) throws(SetupError) {
    let key = try makeKey(pair, "\(pair.name).crt")
    guard !Self.isThere(pair.certificate) else {
      let chain = try readChain(pair.certificate)
      guard key.fits(chain) else { throw SetupError("\(pair.key) does not fit \(pair.certificate)") }
      return report(pair.certificate, .kept)
    }
    let issued = try made { () throws(CertificatesError) in
      try authority.issue(to: key, names: names, purpose: purpose, lifetime: Self.certificateLifetime, now: now)
    }
    try make(pair.certificate, issued.pem, mode: 0o644)
  }

  /// A key is made before its certificate: who finds a certificate alone has lost the key.
  private func makeKey(_ pair: Installation.Pair, _ what: String) throws(SetupError) -> PrivateKey {
    if Self.isThere(pair.key) {
      report(pair.key, .kept)
      return try readKey(pair.key)
    }
    guard !Self.isThere(pair.certificate) else {
      throw SetupError(
        "the key of \(what) is gone: put \(pair.key) back, or remove \(pair.certificate) to make both anew")
    }
    let key = PrivateKey()
    try make(pair.key, try made { () throws(CertificatesError) in try key.pem() }, mode: 0o600)
    return key
  }

  private func renew(
    _ pair: Installation.Pair, names: [SubjectName]?, purpose: Authority.Purpose, _ authority: Authority
  ) throws(SetupError) {
    guard Self.isThere(pair.certificate) else { return }
    let chain = try readChain(pair.certificate)
    let issued = try made(pair.certificate) { () throws(CertificatesError) in
      try authority.renew(
        chain, names: names ?? chain.names, purpose: purpose, lifetime: Self.certificateLifetime, now: now)
    }
    try replace(pair.certificate, issued.pem)
  }

  private func bundle(_ target: Bundle.Target) throws(SetupError) -> String {
    plan.bundleText(
      target, authority: try read(plan.authority.certificate),
      certificate: try read(plan.administrator.certificate), key: try read(plan.administrator.key))
  }
}

/// Why nothing more is made; what was made before stays.
struct SetupError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// Files, with their names in the errors.
extension Installer {
  static func isThere(_ path: String) -> Bool { FileFacts.isThere(path) }

  private func folder(_ path: String, mode: UInt32) throws(SetupError) {
    try named(path) { () throws(FileError) in _ = try PrivateFiles.makeFolder(path, mode: mode, owner: owner) }
  }

  private func make(_ path: String, _ text: String, mode: UInt32) throws(SetupError) {
    let isNew = try named(path) { () throws(FileError) in
      try PrivateFiles.make(path, text, mode: mode, owner: owner)
    }
    report(path, isNew ? .made : .kept)
  }

  private func replace(_ path: String, _ text: String) throws(SetupError) {
    try named(path) { () throws(FileError) in try PrivateFiles.replace(path, text) }
    report(path, .renewed)
  }

  private func read(_ path: String) throws(SetupError) -> String {
    try named(path) { () throws(FileError) in try BoundedFile.text(path, maximumBytes: TLSSetting.maximumFileBytes) }
  }

  private func readKey(_ path: String) throws(SetupError) -> PrivateKey {
    let text = try read(path)
    return try made(path) { () throws(CertificatesError) in try PrivateKey(pem: text) }
  }

  private func readChain(_ path: String) throws(SetupError) -> CertificateChain {
    let text = try read(path)
    return try made(path) { () throws(CertificatesError) in try CertificateChain(pem: text) }
  }

  private func named<Value>(_ path: String, _ body: () throws(FileError) -> Value) throws(SetupError) -> Value {
    do throws(FileError) { return try body() } catch { throw SetupError("\(path): \(error.message)") }
  }

  private func made<Value>(
    _ path: String? = nil, _ body: () throws(CertificatesError) -> Value
  ) throws(SetupError) -> Value {
    do throws(CertificatesError) { return try body() } catch {
      throw SetupError(path.map { "\($0): \(error.message)" } ?? error.message)
    }
  }
}
