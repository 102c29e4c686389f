import ControlAPI

extension TestedPerson {
  /// As the API shows a user.
  init(_ user: Carillon_V1_User) {
    self.init(
      id: ResourceName.id(user.name), displayName: user.displayName, givenName: user.givenName,
      familyName: user.familyName, nickname: user.nickname, locale: user.locale, timeZone: user.timeZone,
      addresses: user.addresses, attributes: user.attributes, isPaused: user.paused)
  }
}
