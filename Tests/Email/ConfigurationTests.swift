import EmailPlugin
import PluginKit0
import Testing

@Suite("The email sink's configuration")
struct ConfigurationTests {
  private static func make(_ text: String) throws -> Email {
    try Email(name: "x", configuration: JSONText(text), host: Host(instanceName: "x", services: RecordingHost()))
  }

  @Test(
    "a configuration that is wrong beyond its schema is refused, by pointer",
    arguments: [
      (#""from": "nobody""#, ["/from"]), (#""from": "Bells <bells@example.org""#, ["/from"]),
      (#""from": "a\nb <bells@example.org>""#, ["/from"]), (#""from": "bëlls@example.org""#, ["/from"]),
      (
        #""from": "b@example.org", "reply_to": "x", "to": "y@", "message_id_domain": "a b""#,
        ["/reply_to", "/to", "/message_id_domain"]
      ),
      (#""from": "b@example.org", "username": "u""#, ["/password"]),
      (#""from": "b@example.org", "password": "env:P""#, ["/username"]),
      (#""from": "b@example.org", "list_unsubscribe": "http://example.org/""#, ["/list_unsubscribe"]),
      (#""from": "b@example.org", "list_unsubscribe": "https://example.org/{{user.email}}""#, ["/list_unsubscribe"]),
      (#""from": "b@example.org", "list_unsubscribe": "https://example.org/{{user.id""#, ["/list_unsubscribe"]),
      (#""from": "b@example.org", "list_unsubscribe": "https://example.org/>\r\nBcc: x""#, ["/list_unsubscribe"]),
      (#""from": "b@example.org", "host": "a/b""#, ["/host"]),
      (#""from": "b@example.org", "host": "mail.example.org:25""#, ["/host"]),
      (#""from": "b@example.org", "host": "user@mail""#, ["/host"]),
      (#""from": "b@example.org", "helo_name": "a\r\nMAIL FROM:<>""#, ["/helo_name"]),
      (
        #""from": "b@example.org", "port": 0, "timeout_ms": 1, "connect_timeout_ms": 0.5, "max_connections": 33"#,
        ["/port", "/connect_timeout_ms", "/timeout_ms", "/max_connections"]
      ),
    ])
  func bad(members: String, pointers: [String]) {
    let host = members.contains("\"host\"") ? "" : #""host": "mail.example.org", "#
    let error = #expect(throws: PluginError.self) { try Self.make("{\(host)\(members)}") }
    #expect(error?.status == .invalid && error?.violations.map(\.pointer) == pointers)
  }

  @Test(
    "names, IP addresses and international names are taken as hosts",
    arguments: ["mail.example.org", "localhost", "127.0.0.1", "::1", "2001:db8::25", "bücher.example"])
  func hosts(host: String) throws {
    let sink = try Self.make(#"{"host": "\#(host)", "from": "b@example.org"}"#)
    try sink.activate()
    sink.deactivate()
  }
}
