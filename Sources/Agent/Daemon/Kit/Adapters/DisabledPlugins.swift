import PluginHost
import Synchronization

/// Names of the plugins that a person disabled, each with the reason. Kept in a file of the agent's state folder, a line
/// for each: the name, a space, the reason.
final class DisabledPlugins: Sendable {
  /// The file's name in the state folder.
  static let fileName = "disabled-plugins"
  /// Names that are kept at most; an agent has a handful of plugins.
  static let maximumCount = 1_000
  /// Longest reason that is kept, in bytes; the API takes no longer one.
  static let maximumReasonBytes = 500
  private static let maximumFileBytes = 1_024 * 1_024

  private struct State {
    var reasons: [String: String] = [:]
    /// What the file says.
    var stored: [String: String] = [:]
  }

  private let path: String?
  private let state: Mutex<State>

  /// Keeps nothing.
  init() {
    path = nil
    state = Mutex(State())
  }

  /// Reads the file, if there is one.
  /// - Throws: when it cannot be read; a plugin that somebody disabled must not come back by that.
  init(folder: String) throws(FileError) {
    let path = "\(folder)/\(Self.fileName)"
    self.path = path
    let reasons = try Self.read(path)
    state = Mutex(State(reasons: reasons, stored: reasons))
  }

  /// Why a plugin is disabled; nil: it is not.
  func reason(of name: String) -> String? { state.withLock { $0.reasons[name] } }

  /// Whether the next start knows how it is with a plugin.
  func isKept(_ name: String) -> Bool { state.withLock { $0.reasons[name] == $0.stored[name] } }

  /// Adds a plugin, unless it is there: the first reason stays.
  /// - Throws: when that cannot be kept; it counts all the same.
  func add(_ name: String, _ reason: String) throws(FileError) {
    try change { reasons in reasons[name] = reasons[name] ?? Self.line(reason) }
  }

  /// Takes a plugin off.
  /// - Throws: when that cannot be kept; it counts all the same.
  func remove(_ name: String) throws(FileError) {
    try change { $0[name] = nil }
  }

  /// The file is written while nobody else changes anything: it says what was said last.
  private func change(_ body: (inout [String: String]) -> Void) throws(FileError) {
    let fault = state.withLock { state -> FileError? in
      body(&state.reasons)
      guard let path, state.reasons != state.stored else { return nil }
      do throws(FileError) { try Self.write(state.reasons, to: path) } catch { return error }
      state.stored = state.reasons
      return nil
    }
    if let fault { throw fault }
  }

  private static func write(_ reasons: [String: String], to path: String) throws(FileError) {
    guard reasons.count <= maximumCount else { throw FileError("has room for \(maximumCount) names only") }
    let lines = reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    try PrivateFiles.replace(path, lines.joined(), mode: 0o600)
  }

  private static func read(_ path: String) throws(FileError) -> [String: String] {
    let text: String
    do throws(FileError) { text = try BoundedFile.text(path, maximumBytes: maximumFileBytes) } catch {
      if error.isAbsence { return [:] }
      throw error
    }
    var reasons: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard let name = parts.first.map(String.init), LoadingPolicy.isName(name) else {
        throw FileError("has a line that does not begin with a plugin's name: \(Self.line(String(line.prefix(80))))")
      }
      reasons[name] = parts.count == 2 ? String(parts[1]) : ""
    }
    return reasons
  }

  /// A text without line breaks or other control characters.
  private static func line(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? " " : $0 }
    return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
  }
}
