import HTTPTransport
import Testing

@Suite("Requests that must not be made")
struct MessageTests {
  @Test(
    "a header that could break out is refused, and its value is not told",
    arguments: [
      ("X", "a\r\nSet-Cookie: 1"), ("X", "a\nb"), ("X", "a\rb"), ("X", "a\0b"), ("X", "a\u{1b}[0m"), ("X", "a\u{7f}"),
      ("X", " secret"), ("X", "secret\t"), ("X\r\nY", "secret"), ("X:", "secret"), ("", "secret"), ("X Y", "secret"),
      ("Ü", "secret"), ("X\0", "secret"), ("X", "a\r\n b"), ("X", "a\n\tb"), ("X", "sécret"), ("X", "a\u{85}b"),
      ("X", "a\u{2028}b"), ("X", "a\u{10d}\u{10a}b"), ("X", "\u{feff}a"), ("X ", "secret"), ("X\u{a0}", "secret"),
    ])
  func header(name: String, value: String) {
    let error = #expect(throws: HTTPTransportError.self) { try HTTPHeader(name, value) }
    #expect(error?.code == .invalidHeader)
    #expect(error?.message.contains(value) == false)
  }

  @Test("a header has bounds")
  func bounds() {
    #expect(throws: Never.self) { try HTTPHeader("X", String(repeating: "a", count: HTTPHeader.maximumValueBytes)) }
    #expect(throws: HTTPTransportError.self) {
      try HTTPHeader("X", String(repeating: "a", count: HTTPHeader.maximumValueBytes + 1))
    }
    #expect(throws: HTTPTransportError.self) { try HTTPHeader(String(repeating: "a", count: 257), "b") }
  }

  @Test(
    "a URL that must not be sent to is refused",
    arguments: [
      "", "example.org", "/hook", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:1",
      "http://", "http://user@example.org/", "http://user:password@example.org/",
      "http://:@example.org/",
      "http://example.org/a b", "http://example.org/\r\nX: 1", "http://example.org/\0", "http://exämple.org/",
      "http://example.org:99999/", "http://[::1/",
    ])
  func url(text: String) {
    let error = #expect(throws: HTTPTransportError.self) { try HTTPURL(text) }
    #expect(error?.code == .invalidURL)
    #expect(error?.message.contains("password") == false)
  }

  @Test(
    "the origin has scheme, host and port",
    arguments: [
      ("http://Example.ORG/a?b=c", "http://example.org:80"), ("https://example.org", "https://example.org:443"),
      ("HTTP://127.0.0.1:8181/x", "http://127.0.0.1:8181"),
      ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
    ])
  func origin(text: String, origin: String) throws {
    let url = try HTTPURL(text)
    #expect(url.origin == origin)
    #expect(url.isSecure == origin.hasPrefix("https"))
    #expect(url.description == origin)
  }

  @Test("a URL has a bound")
  func urlBound() {
    #expect(throws: HTTPTransportError.self) { try HTTPURL("http://a/" + String(repeating: "a", count: 8_192)) }
  }
}
