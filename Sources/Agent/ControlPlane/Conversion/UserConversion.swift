import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_User {
  /// What a client is shown of a user.
  init(_ user: User) {
    self.init()
    name = ResourceName(kind: .user, namespace: user.namespace, id: user.id).text
    displayName = user.displayName
    givenName = user.givenName
    familyName = user.familyName
    nickname = user.nickname
    locale = user.locale
    timeZone = user.timeZone
    dates = user.dates
    addresses = user.addresses
    attributes = user.attributes
    paused = user.paused
    etag = Etag.text(user.revision)
    if user.revision != 0 {
      createTime = Google_Protobuf_Timestamp(user.createdAt)
      updateTime = Google_Protobuf_Timestamp(user.updatedAt)
    }
  }

  static let maskFields = [
    "display_name", "given_name", "family_name", "nickname", "locale", "time_zone", "dates", "addresses", "attributes",
    "paused",
  ]
  static let maskMaps: Set<String> = ["dates", "addresses", "attributes"]
}

extension User {
  /// A draft with all that a client may say of a user.
  init(_ message: Carillon_V1_User, namespace: String, id: String) {
    self.init(namespace: namespace, id: id)
    for field in Carillon_V1_User.maskFields { take(field, from: message) }
  }

  /// Takes what the mask has.
  mutating func apply(_ message: Carillon_V1_User, mask: FieldMask) {
    for field in Carillon_V1_User.maskFields where mask.has(field) { take(field, from: message) }
    dates = mask.merged(dates, with: message.dates, at: "dates")
    addresses = mask.merged(addresses, with: message.addresses, at: "addresses")
    attributes = mask.merged(attributes, with: message.attributes, at: "attributes")
  }

  private mutating func take(_ field: String, from message: Carillon_V1_User) {
    switch field {
    case "display_name": displayName = message.displayName
    case "given_name": givenName = message.givenName
    case "family_name": familyName = message.familyName
    case "nickname": nickname = message.nickname
    case "locale": locale = message.locale
    case "time_zone": timeZone = message.timeZone
    case "dates": dates = message.dates
    case "addresses": addresses = message.addresses
    case "attributes": attributes = message.attributes
    case "paused": paused = message.paused
    default: break
    }
  }
}
