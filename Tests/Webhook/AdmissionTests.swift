import Testing

@testable import HTTPTransport

@Suite("Who may start")
struct AdmissionTests {
  private func key(_ origin: String, session: Int = 1) -> Admission<Int>.Key { .init(session: session, origin: origin) }

  @Test("a lane never has more active than its bound")
  func laneBound() {
    var admission = Admission<Int>(maximumActive: 100)
    for item in 0..<5 { admission.enqueue(item, key: key("a"), limit: 2) }
    let first = admission.next()
    #expect(first?.item == 0)
    #expect(admission.next()?.item == 1)
    #expect(admission.next() == nil)
    #expect(admission.waiting == 3)
    if let first { admission.release(first.lane, answered: true) }
    #expect(admission.next()?.item == 2)
    #expect(admission.next() == nil)
  }

  @Test("lanes take turns, so that one long lane holds up nobody")
  func turns() {
    var admission = Admission<Int>(maximumActive: 100)
    for item in 0..<50 { admission.enqueue(item, key: key("slow"), limit: 50) }
    admission.enqueue(100, key: key("quick"), limit: 50)
    admission.enqueue(200, key: key("slow", session: 2), limit: 50)
    let order = (0..<4).compactMap { _ in admission.next()?.item }
    #expect(order == [0, 100, 200, 1])
  }

  @Test("lanes that answer come first, and leave every fourth start to those that have not yet")
  func provenFirst() {
    var admission = Admission<Int>(maximumActive: 100)
    for item in 0..<8 { admission.enqueue(item, key: key("answers"), limit: 50) }
    if let first = admission.next() { admission.release(first.lane, answered: true) }
    for item in 100..<110 { admission.enqueue(item, key: key("\(item)"), limit: 1) }
    let order = (0..<12).compactMap { _ in admission.next()?.item }
    #expect(order.filter { $0 < 100 } == Array(1..<8))
    #expect(order.prefix(8).count { $0 >= 100 } == 2, "of eight starts")
    #expect(Set(order.suffix(2)).isSubset(of: Set(100..<110)))
  }

  @Test("all lanes together have a bound")
  func totalBound() {
    var admission = Admission<Int>(maximumActive: 3)
    for item in 0..<10 { admission.enqueue(item, key: key("\(item)"), limit: 1) }
    #expect((0..<10).compactMap { _ in admission.next() }.count == 3)
    #expect(admission.active == 3)
  }

  @Test("removing takes out those that wait, and only those that match")
  func remove() {
    var admission = Admission<Int>(maximumActive: 100)
    for item in 0..<10 { admission.enqueue(item, key: key(item < 5 ? "a" : "b"), limit: 1) }
    let started = [admission.next(), admission.next()].compactMap { $0 }
    #expect(admission.remove { $0 % 2 == 1 }.sorted() == [1, 3, 7, 9])
    #expect(admission.waiting == 4)
    for one in started { admission.release(one.lane, answered: one.item % 2 == 0) }
    var left: [Int] = []
    while let (item, lane) = admission.next() {
      left.append(item)
      admission.release(lane, answered: true)
    }
    #expect(left.sorted() == [2, 4, 6, 8])
    #expect(admission.active == 0 && admission.waiting == 0)
  }

  @Test("random work: nothing is lost, doubled, or over a bound")
  func random() {
    var random = SystemRandomNumberGenerator()
    var admission = Admission<Int>(maximumActive: 7)
    var running: [(item: Int, lane: Int)] = []
    var seen: [Int] = []
    var next = 0
    for _ in 0..<20_000 {
      switch UInt8.random(in: 0..<10, using: &random) {
      case 0..<4:
        admission.enqueue(next, key: key("\(next % 5)"), limit: 3)
        next += 1
      case 4..<7: if let one = admission.next() { running.append(one) }
      case 7..<9:
        if let index = running.indices.randomElement() {
          let one = running.remove(at: index)
          seen.append(one.item)
          admission.release(one.lane, answered: one.item % 2 == 0)
        }
      default:
        let victim = Int.random(in: 0..<max(1, next))
        seen += admission.remove { $0 == victim }
      }
      #expect(admission.active == running.count && running.count <= 7)
      for lane in 0..<5 { #expect(running.filter { $0.item % 5 == lane }.count <= 3) }
    }
    for one in running {
      seen.append(one.item)
      admission.release(one.lane, answered: one.item % 2 == 0)
    }
    while let one = admission.next() {
      seen.append(one.item)
      admission.release(one.lane, answered: one.item % 2 == 0)
    }
    #expect(seen.sorted() == Array(0..<next))
  }
}
