import Certificates

/// The texts of the files that `agent init` writes and that are no certificates.
extension Installation {
  /// agent.yaml
  var configurationText: String {
    """
    # Made by agent init. Every setting, its value and where it came from: agent print-config --config \(configuration)
    agent:
      name: \(YAMLScalar.quoted(name))
      state_directory: \(YAMLScalar.quoted(stateDirectory))

    listen:
      socket: \(YAMLScalar.quoted(socket))
      # The control API for other machines, over mutual TLS.
      \(tls.map { "tls: \(YAMLScalar.quoted($0.text))" } ?? "# tls: 0.0.0.0:7443")

    tls:
      certificate: \(YAMLScalar.quoted(server.certificate))
      key: \(YAMLScalar.quoted(server.key))
      client_authority: \(YAMLScalar.quoted(authority.certificate))
      # With it this agent renews its own certificate and issues others'. Keep a copy of it elsewhere; whoever has it can
      # be anybody.
      authority_key: \(YAMLScalar.quoted(authority.key))

    access:
      # May do everything. Others get roles through the API: ctl grant create, ctl token create.
      admins:
        - \(YAMLScalar.quoted(adminIdentity?.text ?? ""))

    """
  }

  /// A context for an administrator on another machine, certificates and key in it: `ctl context import FILE`.
  func bundleText(_ target: Bundle.Target, authority: String, certificate: String, key: String) -> String {
    """
    # Made by agent init: whoever has this file is \(adminIdentity?.text ?? admin). Take it to your machine by a safe way,
    # there: ctl context import FILE; then remove it.
    contexts:
      - name: \(YAMLScalar.quoted(target.name))
        agents:
          - name: \(YAMLScalar.quoted(target.name))
            address: \(YAMLScalar.quoted(target.address))
        authority: |
    \(YAMLScalar.indented(authority))
        certificate: |
    \(YAMLScalar.indented(certificate))
        key: |
    \(YAMLScalar.indented(key))

    """
  }
}

extension ListenAddress {
  /// As a setting has it.
  var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Scalars of YAML.
enum YAMLScalar {
  /// In double quotes, which stand for themselves whatever they hold (YAML 1.2.2, section 7.3.1).
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The lines of a literal block in a list's item.
  static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
  }
}
