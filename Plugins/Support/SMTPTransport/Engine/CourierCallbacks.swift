import CCurl

/// What libcurl calls, on the courier's thread, within a call of the courier's.
enum CourierCallbacks {
  static func set(
    _ easy: UnsafeMutableRawPointer, _ courier: Courier, _ socket: OpenSocket, _ check: (CURLcode) -> Void
  ) {
    let context = Unmanaged.passUnretained(courier).toOpaque()
    check(ccurl_set_read(easy, onRead, context))
    check(ccurl_set_header(easy, onReplyLine, context))
    check(ccurl_set_write(easy, onBody, nil))
    check(ccurl_set_progress(easy, onProgress, context))
    check(ccurl_set_open_socket(easy, onOpenSocket, context))
    // Called while the courier goes away, too, so this one gets what outlives the handle.
    check(ccurl_set_close_socket(easy, onCloseSocket, Unmanaged.passUnretained(socket).toOpaque()))
  }
}

private func courier(_ context: UnsafeMutableRawPointer?) -> Courier? {
  context.map { Unmanaged<Courier>.fromOpaque($0).takeUnretainedValue() }
}

private func onRead(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  courier(context)?.read(into: UnsafeMutableRawBufferPointer(start: data, count: size &* count)) ?? 0
}

private func onReplyLine(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let courier = courier(context) else { return 0 }
  return courier.line(UnsafeRawBufferPointer(start: data, count: size &* count)) ? size &* count : 0
}

/// There is no body in SMTP; without this libcurl would write one to standard output.
private func onBody(
  _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int { size &* count }

private func onProgress(
  _ context: UnsafeMutableRawPointer?, _ downloadTotal: curl_off_t, _ downloaded: curl_off_t, _ uploadTotal: curl_off_t,
  _ uploaded: curl_off_t
) -> Int32 {
  courier(context)?.goesOn(uploaded: Int64(uploaded)) == true ? 0 : 1
}

private func onOpenSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let courier = courier(context), let address else { return CURL_SOCKET_BAD }
  return courier.open(address)
}

private func onCloseSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  guard let context else { return 1 }
  return Unmanaged<OpenSocket>.fromOpaque(context).takeUnretainedValue().close(socket)
}
