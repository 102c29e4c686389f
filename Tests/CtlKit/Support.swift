import Foundation

@testable import CtlKit

/// The files beside the tests.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../deploy/samples/contacts.vcf").standardizedFileURL

  static func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: folder.appending(path: name))) }
}

/// What a reader found, apart.
struct Reading: Equatable {
  var people: [ImportedPerson] = []
  var notes: [ImportNote] = []

  init(_ bytes: some Collection<UInt8>, piece: Int = .max) {
    var reader = VCardReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.consume(rest.prefix(piece)) { add($0) }
      rest = rest.dropFirst(piece)
    }
    reader.finish { add($0) }
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  private mutating func add(_ item: VCardReader.Item) {
    switch item {
    case .person(let person): people.append(person)
    case .note(let note): notes.append(note)
    }
  }
}

/// A generator that gives the same numbers at every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
