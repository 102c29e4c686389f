import Yams

/// The file that takes an administrator to an agent.
enum Bundle {
  /// Which agent, and where it is reached.
  struct Target: Hashable, Sendable {
    var name: String
    var address: String
  }

  /// The target of a bundle that was made before; nil when it is none.
  static func target(of text: String) -> Target? {
    let document: Node?
    do { document = try Yams.compose(yaml: text) } catch { return nil }
    guard let agent = document?["contexts"]?[0]?["agents"]?[0], let name = agent["name"]?.string,
      let address = agent["address"]?.string
    else { return nil }
    return Target(name: name, address: address)
  }
}
