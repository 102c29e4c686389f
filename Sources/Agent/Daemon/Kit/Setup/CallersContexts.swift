import Glibc
import Yams

/// The contexts of whoever runs `agent init`: `$XDG_CONFIG_HOME/carillon/contexts.yaml`, which `ctl` reads.
struct CallersContexts {
  /// Longest file, in bytes; `ctl` takes no longer one.
  private static let maximumBytes = 1 << 20

  let path: String

  /// Nil where there is neither XDG_CONFIG_HOME nor HOME; one that is not absolute is ignored (XDG Base Directory
  /// Specification).
  init?(_ environment: (String) -> String?) {
    if let folder = environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      path = "\(folder)/carillon/contexts.yaml"
    } else if let home = environment("HOME"), home.hasPrefix("/") {
      path = "\(home)/.config/carillon/contexts.yaml"
    } else {
      return nil
    }
  }

  /// Adds a context for the agent's socket, and makes it the current one if there is none.
  /// - Returns: false when there is one of that name, which stays as it is.
  func add(_ name: String, socket: String) throws(FileError) -> Bool {
    var document = try read()
    var contexts = document["contexts"]?.sequence.map(Array.init) ?? []
    if contexts.contains(where: { $0.mapping?["name"]?.string == name }) { return false }
    contexts.append(["name": Node(name), "agents": [["name": Node(name), "address": Node("unix:\(socket)")]]])
    if document["current"] == nil { document["current"] = Node(name) }
    document["contexts"] = Node.sequence(.init(contexts))
    try PrivateFiles.makeParents(of: path)
    do {
      try PrivateFiles.replace(path, try Yams.serialize(node: .mapping(document)), mode: 0o600)
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError("cannot be written as YAML")
    }
    return true
  }

  private func read() throws(FileError) -> Node.Mapping {
    let text: String
    do throws(FileError) {
      text = try BoundedFile.text(path, maximumBytes: Self.maximumBytes)
    } catch {
      if error.number == ENOENT { return Node.Mapping([]) }
      throw error
    }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch { throw FileError("is no valid YAML") }
    switch node {
    case nil: return Node.Mapping([])
    case .mapping(let mapping): return mapping
    default: throw FileError("holds no contexts")
    }
  }
}
