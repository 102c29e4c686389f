import PluginFile

/// What `ctl plugin inspect` found in a file.
struct InspectedPlugin {
  /// What its manifest is.
  enum Manifest {
    case absent
    case malformed(String)
    case json(JSONValue)
  }

  let path: String
  let file: PluginFile
  let manifest: Manifest

  /// Reads a file.
  /// - Throws: `.invalidArgument`, saying what is wrong with it.
  init(_ path: String) throws(CtlError) {
    self.path = path
    do throws(PluginFileError) { file = try PluginFile.inspect(path) } catch {
      throw CtlError(
        .invalidArgument, error.message,
        hint: error.code == .notALibrary ? "give the .so that the plugin's build makes" : nil, cause: error)
    }
    manifest = file.manifest.map { Self.parse($0) } ?? .absent
  }

  var digest: String { file.digest }

  /// Why no agent would take it; what else is odd is only warned of.
  var fault: CtlError? {
    guard file.isPlugin else {
      return CtlError(.failed, "\(path) is no plugin: it does not export \(PluginFile.entrySymbol)")
    }
    guard case .malformed(let reason) = manifest else { return nil }
    return CtlError(.failed, "\(path): the manifest is malformed: \(reason)")
  }

  /// What is odd about it, and what to do.
  var warnings: [String] {
    var warnings: [String] = []
    if case .absent = manifest, file.isPlugin {
      warnings.append(
        "no manifest in an ELF note: what it is shows only when it is loaded; its author adds one with"
          + " CARILLON_MANIFEST (carillon/manifest.h)")
    }
    let surplus = file.surplusCount
    if surplus > 0 {
      warnings.append(
        "exports \(surplus) more symbol\(surplus == 1 ? "" : "s") than \(PluginFile.entrySymbol): hide"
          + " \(surplus == 1 ? "it" : "them") (-fvisibility=hidden, or a version script)")
    }
    if file.machine != .current { warnings.append("is for \(file.machine), this machine is \(ELFMachine.current)") }
    if !file.runPaths.isEmpty {
      warnings.append("looks for libraries in folders of its own: whoever can write there has the agent's rights")
    }
    if file.wantsExecutableStack { warnings.append("asks for an executable stack (link with -z noexecstack)") }
    return warnings
  }

  private static func parse(_ text: String) -> Manifest {
    do throws(JSONValue.ParseError) {
      let value = try JSONValue(parsing: text.utf8)
      guard case .object = value else { return .malformed("it is no JSON object") }
      return .json(value)
    } catch {
      return .malformed("\(error.reason), at byte \(error.offset)")
    }
  }
}
