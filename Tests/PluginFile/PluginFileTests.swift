import Foundation
import PluginFile
import Testing

@Suite("What a plugin's file says, without loading it")
struct PluginFileTests {
  @Test(
    "The manifest and the ABI's version are in the note, whatever compiles and links it",
    arguments: [
      ["gcc", "-std=c11"], ["clang", "-std=c11"], ["gcc", "-xc++", "-std=c++17"], ["clang", "-xc++", "-std=c++17"],
    ],
    [[], ["-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-s"], ["-O2", "-flto"]])
  func note(compiler: [String], options: [String]) async throws {
    // lld: what clang's LTO needs, and what Swift's plugins are linked with.
    let linker = compiler[0] == "clang" ? ["-fuse-ld=lld"] : []
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(in: folder, compiler: compiler, options + linker)
      let file = try PluginFile.inspect(path)
      #expect(file.manifest == Fixture.json)
      #expect(file.abi?.major == 0 && (file.abi?.minor ?? 0) >= 4)
      #expect(file.isPlugin && file.surplusExports.isEmpty && file.surplusCount == 0 && file.machine == .current)
    }
  }

  @Test("The digest, the size and the build's identifier are those of other programs")
  func digest() async throws {
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(in: folder, ["-Wl,--build-id=sha1"])
      let file = try PluginFile.inspect(path)
      let sum = try await Program.run("sha256sum", path)
      #expect(sum.hasPrefix(file.sha256 + " ") && file.digest == "sha256:" + file.sha256)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == Int(file.size))
      let notes = try await Program.run("readelf", "-nW", path)
      #expect(notes.contains("Build ID: \(try #require(file.buildID))"))
    }
  }

  @Test("An open file is read wherever it stands, and stays there")
  func descriptor() async throws {
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(in: folder)
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      try handle.seek(toOffset: 100)
      let file = try PluginFile.inspect(descriptor: handle.fileDescriptor, name: "the copy")
      #expect(try PluginFile.inspect(path) == file)
      #expect(try handle.offset() == 100)
    }
  }

  @Test("A plugin without a note is one, too")
  func withoutNote() async throws {
    try await TemporaryFolder.with { folder in
      let file = try PluginFile.inspect(try await Fixture.build(Fixture.source(manifest: nil), in: folder))
      #expect(file.manifest == nil && file.abi == nil && file.isPlugin)
    }
  }

  @Test("The longest manifest fits")
  func longest() async throws {
    let manifest = #"{"x":""# + String(repeating: "y", count: 256 * 1_024 - 8) + "\"}"
    #expect(manifest.utf8.count == PluginFile.maximumManifestBytes)
    try await TemporaryFolder.with { folder in
      let file = try PluginFile.inspect(try await Fixture.build(Fixture.source(manifest: manifest), in: folder))
      #expect(file.manifest == manifest)
      await #expect(throws: Program.Failure.self, "one byte more does not compile") {
        try await Fixture.build(Fixture.source(manifest: manifest + " "), in: folder)
      }
    }
  }

  @Test("A manifest from a file of its own, by #embed")
  func embedded() async throws {
    let source = """
      #include <carillon/carillon.h>
      enum { bytes = sizeof((const char[]){
      #embed "manifest.json" suffix(, 0)
      }) };
      CARILLON_MANIFEST_BEGIN(static, manifest, bytes)
      #embed "manifest.json" suffix(, 0)
      CARILLON_MANIFEST_END;
      const carillon_plugin *carillon_plugin_v1(void) { return (const carillon_plugin *)(const void *)manifest.json; }

      """
    try await TemporaryFolder.with { folder in
      _ = try folder.write((Fixture.json + "\n").utf8, "manifest.json")
      let path = try await Fixture.build(
        source, in: folder, compiler: ["clang", "-std=c11", "-Wno-c23-extensions"])
      #expect(try PluginFile.inspect(path).manifest == Fixture.json + "\n")
    }
  }

  @Test(
    "What it exports is found in either hash table",
    arguments: [
      ["-Wl,--hash-style=gnu"], ["-Wl,--hash-style=sysv"], ["-Wl,--hash-style=both"], ["-s", "-fuse-ld=lld"],
    ])
  func exports(options: [String]) async throws {
    let more = """
      __attribute__((visibility("default"))) int zebra(void); int zebra(void) { return 1; }
      __attribute__((visibility("default"), weak)) int apple(void); int apple(void) { return 2; }
      __attribute__((visibility("protected"))) int plum(void); int plum(void) { return 3; }
      __attribute__((visibility("default"))) extern int table[4]; int table[4];
      int hidden(void); int hidden(void) { return 4; }
      extern int puts(const char *); int uses(void); int uses(void) { return puts("x"); }
      """
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(
        Fixture.source(more: more), in: folder, compiler: ["clang", "-std=c11"], options)
      let file = try PluginFile.inspect(path)
      // Some linkers have more to export: nm sees that, too.
      let symbols = try await Program.run("nm", "-D", "--defined-only", "--format=just-symbols", path)
      #expect(file.exports == symbols.split(separator: "\n").map { String($0) }.sorted())
      #expect(file.surplusExports == ["apple", "plum", "table", "zebra"] && file.surplusCount == 4)
    }
  }

  @Test("Of very many exports the first are kept, and the entry")
  func manyExports() async throws {
    let more = (0..<3_000).map { "extern int a\($0) __attribute__((visibility(\"default\"))); int a\($0);" }
    try await TemporaryFolder.with { folder in
      let file = try PluginFile.inspect(
        try await Fixture.build(Fixture.source(more: more.joined(separator: "\n")), in: folder))
      #expect(file.exportCount == 3_001 && file.exports.count == PluginFile.maximumExports && file.isPlugin)
    }
  }

  @Test("What it needs, its name, where it looks, and its stack")
  func dynamic() async throws {
    try await TemporaryFolder.with { folder in
      let path = try await Fixture.build(
        in: folder,
        [
          "-Wl,--no-as-needed", "-lm", "-Wl,-soname,bell.so.1", "-Wl,--enable-new-dtags", "-Wl,-rpath,/opt/one:$ORIGIN",
          "-Wl,-z,execstack",
        ])
      let file = try PluginFile.inspect(path)
      #expect(file.needed == ["libm.so.6", "libc.so.6"] && file.soname == "bell.so.1")
      #expect(file.runPaths == ["/opt/one", "$ORIGIN"] && file.wantsExecutableStack)
      let plain = try PluginFile.inspect(try await Fixture.build(in: folder))
      #expect(plain.runPaths.isEmpty && !plain.wantsExecutableStack && plain.soname == nil)
    }
  }

  @Test("A library that is no plugin is read, and said to be none")
  func otherLibrary() async throws {
    let source = "int bell(void);\n__attribute__((visibility(\"default\"))) int bell(void) { return 1; }\n"
    try await TemporaryFolder.with { folder in
      let file = try PluginFile.inspect(try await Fixture.build(source, in: folder))
      #expect(!file.isPlugin && file.exports == ["bell"] && file.manifest == nil)
    }
  }

  @Test("The system's own libraries are read as nm reads them", arguments: ["libm.so.6", "libstdc++.so.6"])
  func system(name: String) async throws {
    let path = "/lib/\(try await Program.run("uname", "-m").trimmingCharacters(in: .whitespacesAndNewlines))-linux-gnu"
    let library = ["/usr" + path, path].map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
    let file = try PluginFile.inspect(try #require(library))
    let symbols = try await Program.run("nm", "-D", "--defined-only", try #require(library))
    #expect(file.exportCount == symbols.split(separator: "\n").count && file.soname == name)
  }
}
