import AgentHarness
import Testing

extension Clients {
  @Suite("The C library as it is installed")
  struct InstallTests {
    private static let headers = "#include <carillon/services.h>\nint main(void) { return 0; }\n"

    @Test("its headers are C11 and C++17, also beside the plugins' own", .timeLimit(.minutes(8)))
    func headers() async throws {
      let library = try await ClientLibrary.installed()
      let flags = try await library.pkgConfig(["--cflags"])
      let plugins = "-I\(Programs.repository)/Sources/PluginAPI/CPluginAPI/include"
      let both = "#include <carillon/carillon.h>\n" + Self.headers
      let strict = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-"]
      for text in [Self.headers, both] {
        for kind in [["-std=c11", "-xc"], ["-std=c++17", "-xc++"]] {
          let answer = try await Tool.run("/usr/bin/env", ["clang"] + kind + flags + [plugins] + strict, input: text)
          #expect(answer.exitCode == 0, "\(kind): \(answer.errors.prefix(2_000))")
        }
      }
    }

    @Test("it exports its API, and nothing of its inside", .timeLimit(.minutes(8)))
    func symbols() async throws {
      let library = try await ClientLibrary.installed()
      let file = "\(library.prefix)/lib/libcarillon-client.so"
      let list = try await Tool.output("/usr/bin/nm", ["-D", "--defined-only", file])
      let names = Set(
        list.split(separator: "\n").compactMap { line in
          line.split(separator: " ").last?.split(separator: "@").first.map(String.init)
        })
      for name in ["carillon_client_new", "carillon_queues_watch_queues_next", "carillon__v1__queue__descriptor"] {
        #expect(names.contains(name), "\(name) is missing")
      }
      let others = names.filter { !$0.hasPrefix("carillon_") && $0 != "CARILLON_CLIENT_1" }
      let inner = names.filter { $0.hasPrefix("carillon__rpc") || $0 == "carillon_stream_next_of" }
      #expect(others.isEmpty && inner.isEmpty, "\(others) \(inner)")
      let archive = try await Tool.output(
        "/usr/bin/nm", ["--extern-only", "--defined-only", "\(library.prefix)/lib/libcarillon-client.a"])
      let open = archive.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst(2).first }
      #expect(open.count > 1_000 && open.allSatisfy { $0.hasPrefix("carillon_") }, "\(open.prefix(20))")
      let dynamic = try await Tool.output("/usr/bin/readelf", ["-d", file])
      #expect(dynamic.contains("[libcarillon-client.so.1]"), "\(dynamic)")
    }

    @Test("what is generated is what the protos make", .timeLimit(.minutes(2)))
    func generated() async throws {
      let folder = "\(Programs.repository)/Sources/ctl/CClient"
      try await TemporaryFolder.with { made in
        _ = try await Tool.output(
          "\(folder)/generate.sh", ["\(made.path)/made"], environment: ["CARILLON_PYTHON": Programs.python])
        let answer = try await Tool.run("/usr/bin/diff", ["-rq", "\(made.path)/made", "\(folder)/Generated"])
        #expect(answer.exitCode == 0, "run make proto: \(answer.output.prefix(2_000))")
      }
    }
  }
}
