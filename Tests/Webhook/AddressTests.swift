import HTTPTransport
import Testing

@Suite("Addresses that must not be reached")
struct AddressTests {
  @Test(
    "special addresses are refused",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1",
      "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
      "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1",
      "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::1", "64:ff9b:1:ffff::1", "100::1", "2001::1",
      "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002::1",
      "3fff::1", "5f00::1", "fc00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
    ])
  func refused(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(RefusedAddresses.reason(for: address) != nil)
    #expect(AddressPolicy.publicOnly.refusal(of: address) != nil)
  }

  @Test(
    "public addresses, and those just beside a refused block, are not",
    arguments: [
      "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
      "128.0.0.0",
      "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
      "198.17.255.255", "198.20.0.0", "223.255.255.255", "64:ff9a::1", "64:ff9b:2::1", "2001:200::1",
      "2001:4860:4860::8888",
      "2003::1", "2606:4700::1111", "5eff::1", "5f01::1", "fbff::1",
    ])
  func allowed(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressPolicy.publicOnly.refusal(of: address) == nil)
  }

  @Test("every refused block refuses its first and its last address, by name")
  func blocks() {
    #expect(RefusedAddresses.all.count == 34)
    for entry in RefusedAddresses.all { #expect(RefusedAddresses.reason(for: entry.range.base) != nil) }
  }

  @Test("an allow list allows what it names and nothing beside it")
  func allowList() throws {
    let policy = try AddressPolicy(allowing: [AddressRange("127.0.0.0/8"), AddressRange("fd00::/8")])
    for text in ["127.0.0.1", "::ffff:127.0.0.1", "fd12::1", "8.8.8.8"] {
      #expect(policy.refusal(of: try #require(IPAddress(text))) == nil, "\(text)")
    }
    for text in ["10.0.0.1", "::1", "::ffff:169.254.169.254", "fc00::1", "64:ff9b::7f00:1"] {
      #expect(policy.refusal(of: try #require(IPAddress(text))) != nil, "\(text)")
    }
  }

  @Test("allowing all of IPv6 does not allow IPv4 in disguise")
  func mapped() throws {
    let policy = try AddressPolicy(allowing: [AddressRange("::/0")])
    #expect(policy.refusal(of: try #require(IPAddress("::1"))) == nil)
    #expect(policy.refusal(of: try #require(IPAddress("::ffff:127.0.0.1"))) == "IPv4-mapped")
  }

  @Test(
    "a range that is none is refused with the reason",
    arguments: [
      ("", "IPv4 or IPv6"), ("localhost", "IPv4 or IPv6"), ("10.0.0/8", "IPv4 or IPv6"),
      ("010.0.0.0/8", "IPv4 or IPv6"),
      ("10.0.0.0/33", "0 to 32"), ("10.0.0.0/", "0 to 32"), ("10.0.0.0/+8", "0 to 32"), ("10.0.0.0/8/8", "0 to 32"),
      ("10.0.0.1/8", "bits set"), ("fd00::1/8", "bits set"), ("::/129", "0 to 128"), ("::ffff:10.0.0.1", "as IPv4"),
      ("10.0.0.0/99999999999999999999", "0 to 32"),
    ])
  func invalidRange(text: String, reason: String) throws {
    let error = #expect(throws: HTTPTransportError.self) { try AddressRange(text) }
    #expect(error?.code == .invalidRange)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("a single address is a range of one")
  func single() throws {
    let range = try AddressRange("192.168.1.5")
    #expect(range.prefixLength == 32)
    #expect(range.contains(try #require(IPAddress("192.168.1.5"))))
    #expect(!range.contains(try #require(IPAddress("192.168.1.6"))))
    #expect(try AddressRange("fd00::5").description == "fd00::5/128")
  }

  @Test("the text form reads back", arguments: ["1.2.3.4", "255.0.0.1", "2001:db8::1", "::", "ff02::1:2"])
  func roundTrip(text: String) throws {
    #expect(try #require(IPAddress(text)).description == text)
  }
}
