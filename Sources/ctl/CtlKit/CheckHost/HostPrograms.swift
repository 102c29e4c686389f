#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files that a check of an agent needs.
struct HostPrograms: Sendable {
  /// The agent that is checked.
  var agent: String
  /// The library that attacks it.
  var hostile: String
  /// The library that must not suffer.
  var witness: String

  /// Finds the two plugins beside this program, or where an installation has them, and the agent beside this program.
  /// - Parameter agent: another agent.
  /// - Throws: naming what is not there.
  static func find(agent: String?) throws(CtlError) -> HostPrograms {
    let own = ownFolder()
    let folders = [own, "\(own)/../lib/carillon/check-host"]
    let program = try file(agent.map { [$0] } ?? ["\(own)/agent"], "--agent", X_OK)
    return HostPrograms(
      agent: program.contains("/") ? program : "./\(program)",
      hostile: try file(folders.map { "\($0)/libhostile-plugin.so" }, "the hostile plugin", R_OK),
      witness: try file(folders.map { "\($0)/libwitness-plugin.so" }, "the healthy plugin", R_OK))
  }

  private static func file(_ places: [String], _ what: String, _ access: Int32) throws(CtlError) -> String {
    for place in places where isThere(place, access) { return place }
    throw CtlError(
      .notFound, "\(what): there is no file \(places.map { Excerpt.of($0) }.joined(separator: " or "))",
      hint: what == "--agent" ? "name the agent's program: --agent FILE" : "build or install all of Carillon")
  }

  private static func isThere(_ path: String, _ mode: Int32) -> Bool { access(path, mode) == 0 }

  private static func ownFolder() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
