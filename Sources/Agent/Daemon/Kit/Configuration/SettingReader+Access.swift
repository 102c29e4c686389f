import Certificates
import PluginHost

/// Settings that have to do with who gets in, and with what must not get out.
extension SettingReader {
  /// A secret's text: what its reference stands for, or the text itself.
  mutating func secret(_ path: String) -> String {
    let value = values(path).first ?? ""
    guard SecretResolver.isLikeReference(value) else {
      if value.utf8.contains(0) { fault(path, "must not hold a NUL character") }
      return value
    }
    do throws(PluginHostError) {
      let text = try secrets.text(value)
      compare(path, by: text)
      if text.isEmpty { fault(path, "is empty: \(value)") }
      if text.utf8.contains(0) { fault(path, "must not hold a NUL character: \(value)") }
      return text
    } catch {
      fault(path, "cannot be had: \(error.message)")
      return ""
    }
  }

  /// The path of a file; nil for none.
  mutating func file(_ path: String) -> String? {
    let value = values(path).first ?? ""
    if value.isEmpty { return nil }
    guard !value.utf8.contains(0), let file = secrets.file(of: value) else {
      // The value is not shown: somebody may have put the key itself there.
      fault(path, "must be an absolute path, or credential:NAME where systemd hands one over")
      return nil
    }
    return file
  }

  /// Who may do everything.
  mutating func identities(_ path: String) -> [String] {
    let values = values(path)
    if values.count > Configuration.maximumAdmins {
      fault(path, "must name at most \(Configuration.maximumAdmins) identities, not \(values.count)")
    }
    for value in values where SubjectName(identity: value) == nil {
      fault(path, "must be identities such as spiffe://carillon/admin/anna or dns:anna.example.org, not \"\(value)\"")
    }
    return values
  }

  /// An address of this machine; nil for none.
  mutating func address(_ path: String) -> ListenAddress? {
    let value = values(path).first ?? ""
    if value.isEmpty { return nil }
    guard let address = SettingValues.address(value) else {
      fault(path, "must be an address and a port, such as 0.0.0.0:7443 or [::]:7443, not \"\(value)\"")
      return nil
    }
    return address
  }

  /// The files of the control API over TLS, and what must go together.
  mutating func tls() -> TLSSetting {
    let setting = TLSSetting(
      listen: address("listen.tls"), certificate: file("tls.certificate"), key: file("tls.key"),
      clientAuthority: file("tls.client_authority"), authorityKey: file("tls.authority_key"))
    if setting.listen != nil {
      for (path, file) in [
        ("tls.certificate", setting.certificate), ("tls.key", setting.key),
        ("tls.client_authority", setting.clientAuthority),
      ] where file == nil && !isFaulty(path) { fault(path, "must be given with listen.tls") }
    }
    if setting.authorityKey != nil, setting.clientAuthority == nil, !isFaulty("tls.client_authority") {
      fault("tls.client_authority", "must be given with tls.authority_key: it holds the certificate of that key")
    }
    return setting
  }

  private func isFaulty(_ path: String) -> Bool { raw[path]?.values.first?.isEmpty == false }
}
