import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Carillon_V1_DeadLetter {
  /// What a client is shown of a dead letter in a list: without its message and its history.
  init(listed letter: DeadLetter) {
    self.init()
    name = ResourceName(kind: .deadLetter, namespace: letter.namespace, id: String(letter.id)).text
    event = ResourceName(kind: .event, namespace: letter.namespace, id: letter.identity.text).text
    schedule = ResourceName(kind: .schedule, namespace: letter.namespace, id: letter.scheduleID).text
    user = letter.userID.map { ResourceName(kind: .user, namespace: letter.namespace, id: $0).text } ?? ""
    eventType = letter.eventType
    sink = letter.sink
    dueTime = Google_Protobuf_Timestamp(letter.dueAt)
    dieTime = Google_Protobuf_Timestamp(letter.diedAt)
    attempts = letter.attempts
    code = letter.code
    detail = letter.detail
  }

  /// The whole of it.
  init(_ letter: DeadLetter, steps: [Carillon_V1_Step]) {
    self.init(listed: letter)
    title = letter.message.title
    text = letter.message.text
    html = letter.message.html
    data = letter.message.data
    self.steps = steps
  }
}

extension Carillon_V1_StoredMessage {
  /// What an export shows of a message that waits for a retry.
  init(_ stored: StoredMessage, namespace: String) {
    self.init()
    event = ResourceName(kind: .event, namespace: namespace, id: stored.identity.text).text
    sink = stored.sink
    title = stored.message.title
    text = stored.message.text
    html = stored.message.html
    data = stored.message.data
  }
}
