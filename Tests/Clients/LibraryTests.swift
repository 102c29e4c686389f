import AgentHarness
import Testing

extension Clients {
  @Suite("The C library against gRPC's own server")
  struct LibraryTests {
    @Test(
      "calls, failures, limits, streams, imports, threads and every method are as the header says",
      .timeLimit(.minutes(10)))
    func check() async throws {
      let said = try await ClientLibrary.make(["check"], limit: .seconds(500))
      #expect(said.contains(" 0 failed"), "\(said)")
    }

    @Test("it leaks nothing and reads nothing that it should not", .timeLimit(.minutes(10)))
    func memory() async throws {
      let said = try await ClientLibrary.make(["check-memory"], limit: .seconds(550))
      #expect(said.contains(" 0 failed"), "\(said)")
    }
  }
}
