import CCurl
import Glibc

/// One connection to the server, and who takes mails along it one after the other. Used by one thread.
///
/// libcurl waits for the answer to the final dot within one call, up to ten minutes, also in its multi interface. That
/// is why each connection has a thread of its own here.
final class Courier {
  private let easy: UnsafeMutableRawPointer
  private let server: Server
  private let socket = OpenSocket()
  private var delivery: MailInHand?
  private var code = CURLE_OK
  /// Those of the connection; nil: none were needed until now.
  private var credentials: SMTPCredentials?
  /// Whether the connection's server offers SMTPUTF8.
  private var offersUTF8 = false
  /// That the connection was opened for, the present one counted.
  private var mails = 0

  init?(_ server: Server) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.server = server
    configure(server.settings)
  }

  /// Says goodbye and closes. libcurl waits for the answer to QUIT, so the reading side is closed first.
  deinit {
    socket.stopReading()
    curl_easy_cleanup(easy)
  }

  /// Whether the connection must not be used again: it has taken as many mails as it may, or nobody knows where it stands.
  /// libcurl would keep it, even after an answer to the dot that was none.
  private(set) var isWornOut = false

  /// Takes one mail to the server, and waits for the end.
  func send(_ mail: SMTPMail, _ stop: StopSign) -> SMTPResult {
    let form = mail.form
    guard form.isSafe else { return .failure(SMTPFailure(.unsafeContent)) }
    let start = MonotonicTime.now
    let first = MailInHand(mail, form, server, stop, startNanoseconds: start)
    let (result, isLost) = attempt(mail, first)
    // The server closed a connection that was idle, or told so when it was asked for the next mail (421): nothing of this
    // mail's is with it.
    guard isLost else { return result }
    isWornOut = false
    return attempt(mail, MailInHand(mail, form, server, stop, startNanoseconds: start)).result
  }

  private func attempt(_ mail: SMTPMail, _ delivery: MailInHand) -> (result: SMTPResult, isLost: Bool) {
    if let failure = socket.isQuiet ? unfit(mail) : renewCredentials() { return (.failure(failure), false) }
    guard code == CURLE_OK else { return (.failure(SMTPFailure(.internal, detail: Self.text(code))), false) }
    let recipients = curl_slist_append(nil, mail.recipient.text)
    defer { curl_slist_free_all(recipients) }
    guard recipients != nil else {
      return (.failure(SMTPFailure(.internal, detail: Self.text(CURLE_OUT_OF_MEMORY))), false)
    }
    self.delivery = delivery
    defer { self.delivery = nil }
    mails += 1
    let prepared = [
      ccurl_set_string(easy, CURLOPT_MAIL_FROM, mail.sender.text), ccurl_set_recipients(easy, recipients),
      ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, delivery.announcedBytes),
    ]
    let end = prepared.first { $0 != CURLE_OK } ?? curl_easy_perform(easy)
    ccurl_set_recipients(easy, nil)
    delivery.note(uploaded: ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T))
    if let offered = delivery.offersUTF8 { offersUTF8 = offered }
    let result = delivery.result(end)
    if mails >= server.settings.mailsPerConnection { isWornOut = true }
    if case .failure = result { isWornOut = true }
    if let credentials, Self.isLoginRefused(result) {
      server.loginPause.begin(credentials, atNanoseconds: MonotonicTime.now)
    }
    return (result, delivery.isLostConnection(end))
  }

  /// Why the open connection cannot take it; nil: it can.
  private func unfit(_ mail: SMTPMail) -> SMTPFailure? {
    mail.recipient.needsUTF8 && !offersUTF8 ? SMTPFailure(.utf8NotOffered) : nil
  }

  /// Before a connection is made. Why it cannot be; nil: it can.
  private func renewCredentials() -> SMTPFailure? {
    guard let source = server.credentials else { return nil }
    do throws(SMTPError) {
      let fresh = try source()
      credentials = fresh
      if server.loginPause.holds(fresh, atNanoseconds: MonotonicTime.now) { return SMTPFailure(.loginPaused) }
      set(CURLOPT_USERNAME, fresh.username)
      switch fresh.proof {
      case .password(let password):
        set(CURLOPT_PASSWORD, password)
        set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
      case .token(let token):
        set(CURLOPT_XOAUTH2_BEARER, token)
        set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2")
      }
      return nil
    } catch {
      return SMTPFailure(.noCredentials, detail: error.message)
    }
  }

  private static func isLoginRefused(_ result: SMTPResult) -> Bool {
    switch result {
    case .refused(_, at: .authentication): true
    case .failure(let failure): failure.reason == .loginRefused
    default: false
    }
  }

  static func text(_ code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }

  private func configure(_ settings: SMTPSettings) {
    do {
      set(CURLOPT_URL, try settings.url())
    } catch {
      code = CURLE_URL_MALFORMAT
    }
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // Empty, not absent: else libcurl obeys the environment.
    set(CURLOPT_PROXY, "")
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_NOPROGRESS, 0)
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_UPLOAD, 1)
    set(CURLOPT_MAXCONNECTS, 1)
    // Not TRY, which goes on in plain text when somebody on the way says that there is no TLS.
    set(CURLOPT_USE_SSL, settings.security == .none ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue))
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = settings.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
    set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeoutMilliseconds)
    // No CURLOPT_TIMEOUT: for SMTP it counts from the opening of the connection, not from the mail.
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.longestAnswerSeconds)
    CourierCallbacks.set(easy, self, socket) { check($0) }
  }

  /// Longer than all that we allow ourselves: libcurl's own limit is two minutes.
  private static let longestAnswerSeconds = 700

  private func set(_ option: CURLoption, _ value: Int) { check(ccurl_set_long(easy, option, value)) }

  private func set(_ option: CURLoption, _ value: String) { check(ccurl_set_string(easy, option, value)) }

  private func check(_ result: CURLcode) { if code == CURLE_OK { code = result } }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { delivery?.read(into: buffer) ?? 0 }

  func line(_ line: UnsafeRawBufferPointer) -> Bool { delivery?.line(line) ?? true }

  /// False: give up.
  func goesOn(uploaded: Int64) -> Bool { delivery?.goesOn(uploaded: uploaded) ?? false }

  func open(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
    delivery?.connects()
    offersUTF8 = false
    mails = 1
    let opened = ccurl_open_socket(address)
    if opened >= 0 { socket.descriptor = opened }
    return opened
  }
}
