import CCurl
import Synchronization

/// Says to a courier that a mail is to be given up. Raised by any thread.
final class StopSign: Sendable {
  private let level = Atomic<Int>(0)

  /// Give up what is not handed over yet.
  func cancel() { level.max(1, ordering: .relaxed) }
  /// Give up, whatever happened.
  func abandon() { level.max(2, ordering: .relaxed) }

  func stops(isContentSent: Bool) -> Bool { level.load(ordering: .relaxed) > (isContentSent ? 1 : 0) }
}

/// One mail with a courier: what libcurl reads of it, what the server says, how long it may take.
final class MailInHand {
  /// After a refusal libcurl says goodbye and waits for the answer; nobody else does.
  private static let farewellNanoseconds = 2 * MonotonicTime.second

  private let mail: SMTPMail
  private let settings: SMTPSettings
  private let form: ContentForm
  private let stop: StopSign
  private var conversation: Conversation
  private var offset = 0
  private var uploaded: Int64 = 0
  private var isReused = true
  private var giveUpNanoseconds: Int64
  private var sentNanoseconds: Int64?
  private var refusedNanoseconds: Int64?
  private var ended: SMTPFailure.Reason?

  init(_ mail: SMTPMail, _ form: ContentForm, _ server: Server, _ stop: StopSign, startNanoseconds: Int64) {
    self.mail = mail
    self.form = form
    settings = server.settings
    self.stop = stop
    let limit = MonotonicTime.after(milliseconds: settings.timeoutMilliseconds, from: startNanoseconds)
    giveUpNanoseconds = min(mail.deadlineNanoseconds, limit)
    conversation = Conversation(needs: server.needs(for: mail))
  }

  /// Whether all was handed to the network, so that the dot may be with the server. Dots that libcurl adds count as
  /// uploaded, so that a mail with some may be taken for sent a moment early: the careful side.
  private var isContentSent: Bool { offset == mail.content.count && uploaded >= Int64(mail.content.count) }

  /// Whether the server offered SMTPUTF8; nil when this mail did not ask.
  var offersUTF8: Bool? { conversation.offersUTF8 }

  /// What libcurl is told of the size before it asks; -1: nothing.
  var announcedBytes: Int64 { form.hasLeadingDot ? -1 : Int64(mail.content.count) }

  func connects() {
    isReused = false
    conversation.connects()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, mail.content.count - offset)
    mail.content.withUnsafeBytes { content in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: content[offset..<(offset + count)]))
    }
    offset += count
    return count
  }

  func line(_ line: UnsafeRawBufferPointer) -> Bool {
    let goesOn = conversation.line(line)
    if conversation.refusal != nil, refusedNanoseconds == nil { refusedNanoseconds = MonotonicTime.now }
    return goesOn
  }

  func note(uploaded: Int64) { self.uploaded = max(self.uploaded, uploaded) }

  /// Called at least once a second. False: give up.
  func goesOn(uploaded: Int64) -> Bool {
    note(uploaded: uploaded)
    let now = MonotonicTime.now
    if isContentSent, sentNanoseconds == nil {
      sentNanoseconds = now
      giveUpNanoseconds = min(
        mail.deadlineNanoseconds, MonotonicTime.after(milliseconds: settings.answerTimeoutMilliseconds, from: now))
    }
    if let refusedNanoseconds, isRefused, now &- refusedNanoseconds > Self.farewellNanoseconds { return false }
    if stop.stops(isContentSent: isContentSent) { ended = ended ?? .cancelled }
    if now >= giveUpNanoseconds { ended = ended ?? .timeout }
    return ended == nil
  }

  /// Whether the last reply ends the mail. EHLO's does not: HELO may follow.
  private var isRefused: Bool { conversation.refusal != nil && conversation.stage != .hello }

  /// Whether a connection that was used before turned out to be gone.
  func isLostConnection(_ code: CURLcode) -> Bool {
    guard isReused, offset == 0, conversation.stage == .sender, ended == nil else { return false }
    if let reply = conversation.refusal { return reply.code == 421 }
    return [CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING].contains(code)
  }

  /// How it ended.
  func result(_ code: CURLcode) -> SMTPResult {
    if let stage = conversation.stage {
      if let refusal = conversation.refusal { return .refused(refusal, at: stage) }
      return .failure(failure(code))
    }
    guard let reply = conversation.reply else { return .failure(failure(code)) }
    switch reply.code {
    case 200...299: return .accepted(reply)
    case 400...599: return .refused(reply, at: .content)
    default: return .failure(SMTPFailure(.malformed, isContentSent: true, detail: "the answer was \(reply.code)"))
    }
  }

  private func failure(_ code: CURLcode) -> SMTPFailure {
    // A server may refuse a token with a challenge that tells why, and libcurl then ends it.
    let isLoginRefused = code == CURLE_LOGIN_DENIED && conversation.isAskingForLogin
    let reason = ended ?? conversation.fault ?? (isLoginRefused ? .loginRefused : Self.reason(code))
    return SMTPFailure(reason, isContentSent: isContentSent, detail: ended == nil ? Courier.text(code) : "")
  }

  private static func reason(_ code: CURLcode) -> SMTPFailure.Reason {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: .resolve
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_USE_SSL_FAILED: .tlsNotOffered
    case CURLE_LOGIN_DENIED: .authenticationNotOffered
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE: .tls
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .certificate
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .broken
    case CURLE_WEIRD_SERVER_REPLY, CURLE_OK: .malformed
    default: .internal
    }
  }
}
