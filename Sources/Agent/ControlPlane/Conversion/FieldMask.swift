import EventModel
import SwiftProtobuf

/// Which fields an update takes (google.aip.dev/161).
struct FieldMask: Sendable {
  /// The most paths in one mask.
  static let maximumPaths = 200

  /// Nil: all that can be changed.
  private let paths: Set<String>?

  /// Reads a mask.
  /// - Parameters:
  ///   - fields: paths that can be changed.
  ///   - maps: those among them that are maps, of which single entries can be named: `dates.birth`.
  /// - Throws: `ModelError` that names each path that cannot be changed, and those that can.
  init(
    _ mask: Google_Protobuf_FieldMask, isPresent: Bool, fields: [String], maps: Set<String> = []
  ) throws(ModelError) {
    guard isPresent, !mask.paths.isEmpty, mask.paths != ["*"] else {
      paths = nil
      return
    }
    guard mask.paths.count <= Self.maximumPaths else {
      throw ModelError(field: "update_mask", "must have at most \(Self.maximumPaths) paths")
    }
    var violations = Violations()
    for path in mask.paths where !fields.contains(path) && Self.entry(path, of: maps) == nil {
      violations.add(
        "update_mask",
        "\"\(Failure.cut(path, 40))\" cannot be changed; these can: \(fields.joined(separator: ", "))")
    }
    try violations.check()
    paths = Set(mask.paths)
  }

  /// Whether the update takes this field, whole.
  func has(_ path: String) -> Bool {
    guard let paths else { return true }
    return paths.contains(path)
  }

  /// Whether it takes this field because its path is in the mask, and not because there is none.
  func names(_ path: String) -> Bool { paths?.contains(path) ?? false }

  /// A map after the update: all of it new, or single entries set or removed.
  func merged(_ old: [String: String], with new: [String: String], at map: String) -> [String: String] {
    if has(map) { return new }
    var result = old
    for path in paths ?? [] {
      guard let key = Self.entry(path, of: [map]) else { continue }
      result[key] = new[key]
    }
    return result
  }

  /// The key that a path like `dates.birth` names.
  private static func entry(_ path: String, of maps: Set<String>) -> String? {
    guard let dot = path.firstIndex(of: "."), maps.contains(String(path[..<dot])) else { return nil }
    let key = String(path[path.index(after: dot)...])
    return key.isEmpty ? nil : key
  }
}
