import EventModel
import Testing

@testable import Pipeline

@Suite struct TimerWheelTests {
  @Test func itFiresAsASortedListWouldWhateverTheOrder() {
    var random = SplitMix(state: 42)
    for _ in 0..<50 {
      var wheel = TimerWheel<Int>()
      var reference: [(at: Timestamp, id: Int)] = []
      var now = Timestamp(seconds: 1_800_000_000)
      var id = 0
      for _ in 0..<200 {
        switch random.next() % 3 {
        case 0, 1:
          for _ in 0..<random.next() % 20 {
            let at = now + TimeSpan(microseconds: Int64(random.next() % 50_000) - 5_000)
            wheel.add(id, at: at)
            reference.append((at, id))
            id += 1
          }
        default: now = now + TimeSpan(microseconds: Int64(random.next() % 20_000))
        }
        let limit = Int(random.next() % 40)
        var fired: [Int] = []
        wheel.fire(now: now, limit: limit) { fired.append($0) }
        // What a list would give: all of the slots whose end has come, by slot, then by adding.
        let slot = { (at: Timestamp) in (at.microseconds + 999) / 1_000 }
        let due = reference.filter { slot($0.at) * 1_000 <= now.microseconds }
          .sorted { (slot($0.at), $0.id) < (slot($1.at), $1.id) }.prefix(limit)
        #expect(fired == due.map(\.id))
        #expect(due.allSatisfy { $0.at <= now })
        let taken = Set(fired)
        reference.removeAll { taken.contains($0.id) }
        #expect(wheel.count == reference.count)
        let earliest = reference.map { slot($0.at) * 1_000 }.min()
        #expect(wheel.nextDeadline?.microseconds == earliest)
      }
    }
  }

  @Test func aHundredThousandOfOneInstantFireInBoundedParts() {
    var wheel = TimerWheel<Int>()
    let at = Timestamp(seconds: 1)
    for id in 0..<100_000 { wheel.add(id, at: at) }
    var fired = 0
    wheel.fire(now: at - TimeSpan(microseconds: 1), limit: 10) { _ in fired += 1 }
    #expect(fired == 0)
    var parts = 0
    while wheel.count > 0 {
      wheel.fire(now: at, limit: 4_000) { id in
        #expect(id == fired)
        fired += 1
      }
      parts += 1
    }
    #expect(fired == 100_000)
    #expect(parts == 25)
  }
}
