import EventModel
import Testing

@testable import Certificates

@Suite("TLS files")
struct MaterialTests {
  private struct Files {
    let bench: Bench
    let key = PrivateKey()
    var material: TLSMaterial

    init() throws {
      bench = try Bench()
      material = TLSMaterial(
        certificate: try bench.issue(to: key).pem, key: try key.pem(), clientAuthority: try bench.authority.pem(),
        authorityKey: try bench.key.pem())
    }
  }

  @Test("files that fit together have no fault, with the authority's key or without")
  func good() throws {
    var files = try Files()
    #expect(files.material.faults(now: noon).isEmpty)
    files.material.authorityKey = nil
    #expect(files.material.faults(now: noon).isEmpty)
  }

  @Test("each fault is told of the part that has it")
  func faults() throws {
    let files = try Files()
    let other = try Files().material
    func part(_ change: (inout TLSMaterial) -> Void) -> [TLSMaterial.Part] {
      var material = files.material
      change(&material)
      return material.faults(now: noon).map(\.part)
    }
    #expect(part { $0.key = other.key } == [.key])
    #expect(part { $0.key = "nonsense" } == [.key])
    #expect(part { $0.certificate = "nonsense" } == [.certificate])
    #expect(part { $0.certificate = $0.key } == [.certificate])
    #expect(part { $0.clientAuthority = $0.certificate } == [.clientAuthority, .authorityKey])
    #expect(part { $0.clientAuthority = other.clientAuthority } == [.authorityKey])
    #expect(part { $0.authorityKey = $0.key } == [.authorityKey])
  }

  @Test("what has run out, or does not hold yet, is a fault of time alone")
  func time() throws {
    let material = try Files().material
    let late = material.faults(now: noon + .hours(25))
    #expect(late.map(\.part) == [.certificate] && late.allSatisfy(\.isAboutTime))
    #expect(late.first?.message == "ran out at 2027-01-16T08:00:00Z")
    let early = material.faults(now: noon - .hours(1))
    #expect(early.map(\.part) == [.certificate, .clientAuthority] && early.allSatisfy(\.isAboutTime))
  }

  @Test("no fault shows anything of a key")
  func secrecy() throws {
    var files = try Files()
    let pem = try files.key.pem()
    let body = pem.split(separator: "\n")[1]
    files.material.key = pem.replacing("PRIVATE", with: "PIRATE")
    files.material.authorityKey = "junk\n" + pem.replacing("-----END", with: "---END")
    let told = files.material.faults(now: noon).map(\.message).joined()
    #expect(!told.isEmpty && !told.contains(body))
    #expect(!"\(files.key)".contains(body))
    var dumped = ""
    dump(files.key, to: &dumped)
    #expect(!dumped.contains("P256"))
  }

  @Test(
    "names are read as people and grants write them",
    arguments: [
      ("carillon.example.org", SubjectName.dns("carillon.example.org")), ("HOST", .dns("host")),
      ("192.0.2.1", .address([192, 0, 2, 1])), ("[::1]", .address([UInt8](repeating: 0, count: 15) + [1])),
      ("::1", .address([UInt8](repeating: 0, count: 15) + [1])),
    ])
  func hosts(text: String, expected: SubjectName) {
    #expect(SubjectName(host: text) == expected)
  }

  @Test(
    "what is no host is refused",
    arguments: ["", "a b", "*.example.org", "-a", "1.2.3", "300.1.1.1", "[a]", "a..b", "a/b"])
  func noHosts(text: String) { #expect(SubjectName(host: text) == nil) }

  @Test(
    "an identity is a SPIFFE ID or a DNS name",
    arguments: ["spiffe://carillon/admin/anna", "spiffe://carillon", "dns:anna.example.org"])
  func identities(text: String) { #expect(SubjectName(identity: text)?.text == text) }

  @Test(
    "what is no identity is refused",
    arguments: [
      "", "anna", "spiffe://", "spiffe:///a", "spiffe://Carillon/a", "spiffe://c/a/", "spiffe://c/../a",
      "spiffe://c/a?b", "https://c/a", "dns:", "dns:*.a", "unix:0", "token:a",
    ])
  func noIdentities(text: String) { #expect(SubjectName(identity: text) == nil) }
}
