import EventModel

/// Addresses that are gone, or seem to be.
extension DispatchCore {
  /// Whether a user's address was given up. Another address is another matter.
  func isGone(_ address: String, of event: LoadedEvent, at number: SinkNumber) -> Bool {
    guard let gone = sinks[number]?.gone, !gone.isEmpty, let user = event.user?.id else { return false }
    return gone[user] == GoneEndpoint.digest(of: address)
  }

  /// Sends nothing more to a user's address.
  mutating func giveUp(_ address: String, of event: LoadedEvent, at number: SinkNumber, reason: String) {
    guard let user = event.user?.id, sinks[number] != nil, !isGone(address, of: event, at: number) else { return }
    let digest = GoneEndpoint.digest(of: address)
    sinks[number]?.gone[user] = digest
    actions.goneEndpoints.append(
      GoneEndpoint(sink: number, userID: user, digest: digest, reason: reason, schedule: event.identity.schedule))
  }

  /// Counts answers that say that the address is wrong; too many in a row, and it counts as gone.
  mutating func noteFault(_ judgement: OutcomeRules.Judgement, _ flight: Flight, _ event: LoadedEvent, _ reason: String)
  {
    let isFault: Bool? = judgement.isEndpointFault ? true : judgement.outcome == .delivered ? false : nil
    guard let isFault, let limit = sinks[flight.sink]?.sink.limits.disableAfter, limit > 0 else { return }
    if flight.endpoint.isEmpty {
      let faults = isFault ? (sinks[flight.sink]?.faults ?? 0) + 1 : 0
      sinks[flight.sink]?.faults = faults
      if faults >= Int(limit) { disable(flight.sink, reason: "\(faults) times in a row: \(reason)") }
    } else {
      let faults = sinks[flight.sink]?.endpoints.update(flight.endpoint) { $0.note(fault: isFault) } ?? 0
      if faults >= Int(limit) { giveUp(flight.endpoint, of: event, at: flight.sink, reason: judgement.code) }
    }
  }

  /// Something that people may subscribe to happened at a sink.
  mutating func note(_ kind: DomainEvent.Kind, _ number: SinkNumber, _ detail: String) {
    actions.notes.append((number, kind, detail))
  }
}
