import PluginKit0
import SMTPTransport

/// The sink's configuration, read and checked beyond what the schema can say. The password or token is still a reference.
struct EmailConfiguration: Sendable {
  private(set) var settings = SMTPSettings(host: "")
  private(set) var login: Login?
  private(set) var to: Mailbox?
  private(set) var composer: MailComposer
  private var violations: [PluginError.Violation] = []

  /// Who the sink is to the server.
  struct Login: Sendable {
    let username: String
    let reference: String
    let kind: CredentialReader.Kind
  }

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    // The composer needs a sender, so without one nothing else is looked at.
    let sender = Self.mailbox(object["from"]?.string ?? "")
    guard case .success(let from) = sender else {
      throw PluginError(violations: [Self.violation("/from", "address", Self.fault(sender))])
    }
    composer = MailComposer(
      from: from, replyTo: nil, messageIDDomain: from.address.domain, unsubscribe: nil, html: .given)
    if from.address.needsUTF8 {
      add("/from", "address", "the sender's address must be ASCII before the '@', so that every server takes it")
    }
    readServer(object)
    readCredentials(object)
    let replyTo = readMailbox(object, "reply_to")
    to = readMailbox(object, "to")
    let domain = readHost(object, "message_id_domain") ?? from.address.domain
    composer = MailComposer(
      from: from, replyTo: replyTo, messageIDDomain: domain, unsubscribe: readUnsubscribe(object),
      html: object["html"]?.string.flatMap(HTMLPolicy.init(rawValue:)) ?? .given)
    guard violations.isEmpty else { throw PluginError(violations: violations) }
  }

  private mutating func readServer(_ object: JSONObject) {
    settings.host = object["host"]?.string ?? ""
    settings.security = object["tls"]?.string.flatMap(SMTPSettings.Security.init(rawValue:)) ?? .starttls
    settings.port = number(object, "port", settings.security == .implicit ? 465 : 587, 1...65_535)
    settings.connectTimeoutMilliseconds = number(object, "connect_timeout_ms", 30_000, SMTPSettings.timeoutRange)
    settings.timeoutMilliseconds = number(object, "timeout_ms", 60_000, SMTPSettings.timeoutRange)
    settings.maximumConnections = number(object, "max_connections", 4, SMTPSettings.connectionsRange)
    settings.mailsPerConnection = number(
      object, "mails_per_connection", 100, SMTPSettings.mailsPerConnectionRange)
    settings.certificateAuthorityFile = object["ca_file"]?.string
    settings.helloName = readHost(object, "helo_name")
    do {
      try settings.checkHost()
    } catch {
      add("/host", "host", error.message)
    }
  }

  private mutating func readCredentials(_ object: JSONObject) {
    let username = object["username"]?.string
    let password = object["password"]?.string
    let token = object["token"]?.string
    if password != nil, token != nil { add("/token", "conflict", "allowed is a password or a token, not both") }
    guard let reference = password ?? token else {
      if username != nil { add("/password", "required", "a user name needs a password or a token") }
      return
    }
    guard let username else {
      add("/username", "required", "a password or a token needs a user name")
      return
    }
    login = Login(username: username, reference: reference, kind: password != nil ? .password : .token)
  }

  private mutating func readMailbox(_ object: JSONObject, _ name: String) -> Mailbox? {
    guard let text = object[name]?.string else { return nil }
    let result = Self.mailbox(text)
    if case .success(let mailbox) = result { return mailbox }
    add("/" + name, "address", Self.fault(result))
    return nil
  }

  private mutating func readHost(_ object: JSONObject, _ name: String) -> String? {
    guard let text = object[name]?.string else { return nil }
    do {
      return try HostName.ascii(text)
    } catch {
      add("/" + name, "host", error.message)
      return nil
    }
  }

  private mutating func readUnsubscribe(_ object: JSONObject) -> UnsubscribeLink? {
    guard let text = object["list_unsubscribe"]?.string else { return nil }
    do {
      return try UnsubscribeLink(text)
    } catch {
      add("/list_unsubscribe", "url", error.message)
      return nil
    }
  }

  private mutating func number(
    _ object: JSONObject, _ name: String, _ standard: Int, _ range: ClosedRange<Int>
  ) -> Int {
    guard let value = object[name] else { return standard }
    guard let number = value.integer, let whole = Int(exactly: number), range ~= whole else {
      add("/" + name, "range", "allowed are whole numbers from \(range.lowerBound) to \(range.upperBound)")
      return standard
    }
    return whole
  }

  private mutating func add(_ pointer: String, _ code: String, _ message: String) {
    violations.append(Self.violation(pointer, code, message))
  }

  private static func violation(_ pointer: String, _ code: String, _ message: String) -> PluginError.Violation {
    .init(pointer: pointer, code: code, message: message)
  }

  /// A mailbox whose name a header can have.
  private static func mailbox(_ text: String) -> Result<Mailbox, PluginError> {
    do {
      let mailbox = try Mailbox(text)
      _ = try HeaderField("From", mailbox: mailbox)
      return .success(mailbox)
    } catch {
      return .failure(error as? PluginError ?? PluginError(.invalid, "\(error)"))
    }
  }

  private static func fault(_ result: Result<Mailbox, PluginError>) -> String {
    if case .failure(let error) = result { error.message } else { "" }
  }
}
