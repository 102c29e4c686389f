import EventModel
import Testing

@testable import Pipeline

@Suite("The pace of a rehearsal")
struct PaceTests {
  private let start = Timestamp(seconds: 1_000_000)

  @Test(arguments: [-3_600, 0, 1, 86_400] as [Int64])
  func realTimeIsLeftAlone(_ seconds: Int64) {
    #expect(Pace.real.shown(at: start + .seconds(seconds)) == start + .seconds(seconds))
    #expect(Pace.real.wait(from: start, until: start + .seconds(seconds)) == .seconds(seconds))
    #expect(Pace.real.stretched(.seconds(seconds)) == .seconds(seconds))
  }

  @Test(
    "an hour passes in a minute, from the start on",
    arguments: [(-60, -60), (0, 0), (1, 60), (60, 3_600), (1_440, 86_400)] as [(Int64, Int64)])
  func hourInAMinute(_ real: Int64, _ shown: Int64) {
    let pace = Pace(from: start, speed: 60)
    #expect(pace.shown(at: start + .seconds(real)) == start + .seconds(shown))
    #expect(pace.wait(from: start, until: start + .seconds(shown)) == .seconds(real))
  }

  @Test("who waits across the start waits really before it and fast behind it")
  func acrossTheStart() {
    let pace = Pace(from: start, speed: 60)
    #expect(pace.wait(from: start - .seconds(5), until: start + .seconds(120)) == .seconds(7))
  }

  @Test("nobody who waits until an instant wakes before it", arguments: [1, 59, 61, 7_777_777] as [Int64])
  func neverEarly(_ microseconds: Int64) {
    let pace = Pace(from: start, speed: 60)
    let due = start + TimeSpan(microseconds: microseconds)
    #expect(pace.shown(at: start + pace.wait(from: start, until: due)) >= due)
  }

  @Test("the furthest instants overflow nothing")
  func saturates() {
    let pace = Pace(from: start, speed: 1_000)
    #expect(pace.shown(at: Timestamp(microseconds: .max)).microseconds == .max)
    #expect(pace.stretched(TimeSpan(microseconds: .max)).microseconds == .max)
    #expect(pace.wait(from: start, until: Timestamp(microseconds: .max)) > .zero)
  }
}
