import Glibc
import PluginHost

/// The settings about plugins.
extension SettingReader {
  /// Where plugins run.
  mutating func isolation(programFolder: String) -> IsolationOptions {
    let runner = text("plugins.runner")
    let mebibyte: UInt64 = 1_024 * 1_024
    return IsolationOptions(
      standard: PluginIsolation(rawValue: text("plugins.isolation")) ?? .process,
      inProcess: names("plugins.in_process"), isolated: names("plugins.isolated"),
      runner: runner.isEmpty ? programFolder + "/carillon-runner" : runner,
      memoryBytes: UInt64(max(0, number("plugins.memory_mib"))) * mebibyte,
      openFiles: UInt64(max(0, number("plugins.open_files"))), user: user("plugins.user"))
  }

  /// Which plugins are loaded.
  mutating func pluginPolicy() -> LoadingPolicy {
    var digests: [LoadingPolicy.PinnedDigest] = []
    for text in list("plugins.digests") {
      guard let digest = LoadingPolicy.PinnedDigest(text) else {
        fault("plugins.digests", "must be sha256: and 64 hexadecimal digits, or name=sha256:<hex>, not \"\(text)\"")
        continue
      }
      digests.append(digest)
    }
    return LoadingPolicy(
      digests: digests, requiresDigest: flag("plugins.require_digest"), disabled: names("plugins.disabled"))
  }

  private mutating func names(_ path: String) -> Set<String> {
    var names: Set<String> = []
    for name in list(path) {
      if LoadingPolicy.isName(name) {
        names.insert(name)
      } else {
        fault(path, "must be names of plugins, 1 to 63 of a-z, 0-9 and -, not \"\(name)\"")
      }
    }
    return names
  }

  /// A user of the system, by name.
  private mutating func user(_ path: String) -> IsolationOptions.Identity? {
    let name = text(path)
    guard !name.isEmpty else { return nil }
    guard geteuid() == 0 else {
      fault(path, "can only be set when the agent runs as root: it has no right to change to another user")
      return nil
    }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      fault(path, "must be a user of this system, not \"\(name)\"")
      return nil
    }
    return IsolationOptions.Identity(user: entry.pw_uid, group: entry.pw_gid)
  }
}
