import HTTPTransport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The scheme Basic (RFC 7617).
enum BasicCredentials {
  static func header(username: String, password: String) throws(HTTPTransportError) -> HTTPHeader {
    try HTTPHeader("Authorization", "Basic " + text(username: username, password: password))
  }

  /// User name and password, as they stand in the header.
  static func text(username: String, password: String) -> String {
    Data("\(username):\(password)".utf8).base64EncodedString()
  }
}
