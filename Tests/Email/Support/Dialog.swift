/// Scripts for `hostile_server.py`: how a conversation goes until something happens.
enum Dialog {
  static let greeting = [["say", "220 x ESMTP\r\n"]]
  static let hello = greeting + [["hear", "EHLO"], ["say", "250-x\r\n250-SIZE 10000000\r\n250 8BITMIME\r\n"]]
  static let sender = hello + [["hear", "MAIL"], ["say", "250 2.1.0 Ok\r\n"]]
  static let recipient = sender + [["hear", "RCPT"], ["say", "250 2.1.5 Ok\r\n"]]
  static let data = recipient + [["hear", "DATA"], ["say", "354 go on\r\n"]]
  /// All of the mail is with the server, and it said nothing yet.
  static let content = data + [["body", ""]]
  static let accepted = content + [["say", "250 2.0.0 Ok: queued as 1\r\n"]]

  /// Up to the question for a command: its answer is for the test.
  static func until(_ stage: String) -> [[String]] {
    switch stage {
    case "greeting": []
    case "EHLO": greeting + [["hear", "EHLO"]]
    case "MAIL": hello + [["hear", "MAIL"]]
    case "RCPT": sender + [["hear", "RCPT"]]
    case "DATA": recipient + [["hear", "DATA"]]
    default: content
    }
  }
}
