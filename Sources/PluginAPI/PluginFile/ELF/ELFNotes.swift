/// What stands in a library's notes, as `carillon/manifest.h` describes them.
struct ELFNotes {
  private enum NoteType {
    static let manifest: UInt32 = 1
    static let abi: UInt32 = 2
    static let buildID: UInt32 = 3
  }

  /// Most bytes of all notes.
  private static let maximumBytes: UInt64 = 1_024 * 1_024
  private static let headBytes = 12
  /// Longest build identifier that is kept, in bytes.
  private static let maximumBuildIDBytes = 64

  private(set) var manifest: String?
  private(set) var abi: PluginFile.ABIVersion?
  private(set) var buildID: String?

  init(_ image: ELFImage) throws(PluginFileError) {
    let segments = image.segments.filter { $0.type == ELFImage.SegmentType.note }
    var total: UInt64 = 0
    for segment in segments {
      let (sum, overflow) = total.addingReportingOverflow(segment.fileBytes)
      guard !overflow, sum <= Self.maximumBytes else {
        throw image.bytes.fault("has more than \(Self.maximumBytes) bytes of notes")
      }
      total = sum
      let bytes = try image.bytes.read(segment.offset, Int(segment.fileBytes))
      try walk(bytes, alignment: segment.alignment == 8 ? 8 : 4, image.bytes)
    }
  }

  /// Others' notes are not ours to judge: one that does not fit ends the walk.
  private mutating func walk(_ bytes: Bytes, alignment: Int, _ file: FileBytes) throws(PluginFileError) {
    var at = 0
    while let nameBytes = bytes.u32(at).map({ Int($0) }), let textBytes = bytes.u32(at + 4).map({ Int($0) }),
      let type = bytes.u32(at + 8)
    {
      let name = at + Self.headBytes
      let text = Self.rounded(name + nameBytes, alignment)
      let end = text + textBytes
      guard nameBytes <= bytes.count, textBytes <= bytes.count, end <= bytes.count else { return }
      if nameBytes == 9, bytes.holds("Carillon", at: name) {
        try take(type, bytes.all[text..<end], file)
      } else if nameBytes == 4, bytes.holds("GNU", at: name), type == NoteType.buildID {
        buildID = Hexadecimal.text(bytes.all[text..<end].prefix(Self.maximumBuildIDBytes))
      }
      at = Self.rounded(end, alignment)
    }
  }

  private mutating func take(_ type: UInt32, _ text: ArraySlice<UInt8>, _ file: FileBytes) throws(PluginFileError) {
    switch type {
    case NoteType.manifest:
      guard manifest == nil else { throw file.fault("has more than one manifest in its notes") }
      manifest = try Self.manifest(text, file)
    case NoteType.abi:
      guard abi == nil else { throw file.fault("has more than one manifest in its notes") }
      let bytes = Bytes(Array(text))
      guard let major = bytes.u32(0), let minor = bytes.u32(4) else {
        throw file.fault("has a malformed note with the version of the plugin ABI")
      }
      abi = .init(major: major, minor: minor)
    default: return  // of a newer minor version
    }
  }

  private static func manifest(_ text: ArraySlice<UInt8>, _ file: FileBytes) throws(PluginFileError) -> String {
    guard text.count <= PluginFile.maximumManifestBytes + 1 else {
      throw file.fault("has a manifest longer than \(PluginFile.maximumManifestBytes) bytes in its note")
    }
    guard text.last == 0, !text.dropLast().contains(0) else {
      throw file.fault("has a malformed manifest note: it must end with its only NUL")
    }
    guard let manifest = String(validating: text.dropLast(), as: UTF8.self) else {
      throw file.fault("has a manifest in its note that is no UTF-8")
    }
    return manifest
  }

  private static func rounded(_ place: Int, _ alignment: Int) -> Int {
    (place + alignment - 1) / alignment * alignment
  }
}
