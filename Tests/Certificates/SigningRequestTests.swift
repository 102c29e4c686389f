import EventModel
import Foundation
import Testing

@testable import Certificates

@Suite("Signing requests")
struct SigningRequestTests {
  private static func request(_ key: [String], subject: String = "/CN=somebody else") throws -> String {
    let made = try openssl(
      ["req", "-new", "-nodes", "-newkey"] + key + [
        "-keyout", "/dev/null", "-subj", subject, "-addext",
        "subjectAltName=URI:spiffe://carillon/admin/mallory",
      ])
    let start = try #require(made.output.firstRange(of: "-----BEGIN CERTIFICATE REQUEST")?.lowerBound)
    return String(made.output[start...])
  }

  @Test(
    "OpenSSL's requests are taken, and of them the key alone",
    arguments: [
      ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
      ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], ["ed25519"], ["rsa:2048"],
    ])
  func taken(key: [String]) throws {
    let bench = try Bench()
    let issued = try bench.authority.issue(
      to: try SigningRequest(pem: try Self.request(key)), names: [.spiffe("spiffe://carillon/viewer/anna")],
      purpose: .client, lifetime: .hours(1), now: noon)
    let shown = try openssl(["x509", "-noout", "-text", "-in", "l.crt"], files: ["l.crt": issued.pem]).output
    #expect(shown.contains("URI:spiffe://carillon/viewer/anna"))
    #expect(!shown.contains("mallory") && !shown.contains("somebody else"))
    let verified = try openssl(
      ["verify", "-attime", "\(noon.seconds)", "-CAfile", "a.crt", "l.crt"],
      files: ["a.crt": try bench.authority.pem(), "l.crt": issued.pem])
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test(
    "what is no request, or has a key too weak, is refused",
    arguments: ["rsa:1024", "dsa", "text", "empty", "key", "long"])
  func malformed(what: String) throws {
    let text: String
    switch what {
    case "rsa:1024": text = try Self.request(["rsa:1024"])
    case "dsa": text = try Self.request(["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"])
    case "empty": text = ""
    case "key": text = try PrivateKey().pem()
    case "long": text = try Self.request(["rsa:2048"]) + String(repeating: "\n", count: SigningRequest.maximumBytes)
    default: text = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"
    }
    let error = #expect(throws: CertificatesError.self) { try SigningRequest(pem: text) }
    #expect(error?.code == .malformed)
  }

  @Test("a request that its key did not sign is refused: who asks must hold the key")
  func proof() throws {
    let pem = try Self.request(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
    let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    var der = try #require(Data(base64Encoded: body))
    // The subject, which the signature covers, and which stands before the key.
    let place = try #require(der.firstRange(of: Data("somebody else".utf8)))
    der[place.lowerBound] = UInt8(ascii: "S")
    let forged =
      "-----BEGIN CERTIFICATE REQUEST-----\n"
      + der.base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
      + "\n-----END CERTIFICATE REQUEST-----\n"
    let error = #expect(throws: CertificatesError.self) { try SigningRequest(pem: forged) }
    #expect(error?.code == .refused)
  }
}
