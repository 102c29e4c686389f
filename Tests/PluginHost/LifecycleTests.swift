import Testing

@testable import PluginHost

@Suite("The life of an instance")
struct LifecycleTests {
  private static let legal: [InstanceLifecycle: [InstanceLifecycle.Event: InstanceLifecycle]] = [
    .created: [.activate: .active, .destroy: .destroyed, .fail: .failed],
    .active: [.drain: .draining, .deactivate: .inactive, .fail: .failed],
    .draining: [.deactivate: .inactive, .fail: .failed],
    .inactive: [.activate: .active, .destroy: .destroyed, .fail: .failed],
    .failed: [.replace: .created, .destroy: .destroyed],
    .destroyed: [:],
  ]

  @Test(
    "Each event leads where the table says, or is refused and changes nothing", arguments: InstanceLifecycle.allCases)
  func table(state: InstanceLifecycle) throws {
    for event in InstanceLifecycle.Event.allCases {
      var next = state
      if let expected = Self.legal[state]?[event] {
        try next.apply(event)
        #expect(next == expected, "\(state) \(event)")
      } else {
        let error = #expect(throws: PluginHostError.self) { try next.apply(event) }
        #expect(next == state && error?.code == .illegalState, "\(state) \(event)")
      }
    }
  }
}
