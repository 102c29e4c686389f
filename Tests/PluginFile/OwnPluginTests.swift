import Foundation
import PluginFile
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The plugins of this package, as the build made them.
@Suite("Our own plugins")
struct OwnPluginTests {
  private static let names = ["anniversary", "birthday", "discord", "email", "notification", "reminder", "webhook"]

  /// The beginning of `carillon_plugin` (plugin.h).
  private struct Table {
    var structSize: UInt32
    var abiMajor: UInt32
    var abiMinor: UInt32
    var flags: UInt32
    var manifest: UnsafePointer<CChar>?
  }

  @Test("The manifest in the note is what the plugin answers, byte for byte", arguments: names)
  func note(name: String) throws {
    let path = Sources.products.appendingPathComponent("libcarillon-\(name).so").path
    let file = try PluginFile.inspect(path)
    let handle = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)))
    let symbol = try #require(dlsym(handle, PluginFile.entrySymbol))
    typealias Entry = @convention(c) () -> UnsafeRawPointer?
    let answer = try #require(unsafeBitCast(symbol, to: Entry.self)())
    let table = answer.load(as: Table.self)
    #expect(file.manifest == String(cString: try #require(table.manifest)))
    #expect(file.abi?.major == table.abiMajor && file.abi?.minor == table.abiMinor)
  }

  @Test("It is the file in the sources, and names the plugin", arguments: names)
  func source(name: String) throws {
    let file = try PluginFile.inspect(Sources.products.appendingPathComponent("libcarillon-\(name).so").path)
    let manifest = try #require(file.manifest)
    let found = ["EventTypes", "Sinks"].map {
      Sources.root.appendingPathComponent("Plugins/\($0)/\(name.capitalized)/Manifest/manifest.json")
    }.filter { FileManager.default.fileExists(atPath: $0.path) }
    #expect(try String(contentsOf: try #require(found.first), encoding: .utf8) == manifest)
    let members = try JSONSerialization.jsonObject(with: Data(manifest.utf8)) as? [String: Any]
    #expect(members?["name"] as? String == name && members?["id"] as? String == "org.carillon.\(name)")
  }

  @Test("It exports its entry and nothing else", arguments: names)
  func exports(name: String) throws {
    let file = try PluginFile.inspect(Sources.products.appendingPathComponent("libcarillon-\(name).so").path)
    #expect(file.exports == [PluginFile.entrySymbol] && file.exportCount == 1)
    #expect(!file.wantsExecutableStack && file.machine == .current && file.buildID != nil)
  }
}
