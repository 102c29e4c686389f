import Testing

@testable import CtlKit

@Suite("Keys of ctl top")
struct TopViewTests {
  private func press(_ text: String, _ view: inout TopView) -> [TopView.Action] {
    Key.read(Array(text.utf8)).compactMap { view.press($0) }
  }

  @Test("q quits, p pauses and goes on, s takes the next order, ? helps")
  func letters() {
    var view = TopView()
    #expect(press("p", &view).isEmpty)
    #expect(view.isPaused)
    _ = press("ps?", &view)
    #expect(!view.isPaused && view.order == .due && view.showsHelp)
    _ = press("ssss?", &view)
    #expect(view.order == .priority && !view.showsHelp)
    #expect(press("q", &view) == [.quit])
  }

  @Test("arrows scroll, and not above the top")
  func arrows() {
    var view = TopView()
    _ = press("\u{1B}[B\u{1B}[B\u{1B}OA", &view)
    #expect(view.scroll == 1)
    _ = press("\u{1B}[A\u{1B}[A\u{1B}[6~", &view)
    #expect(view.scroll == 10)
    _ = press("\u{1B}[H", &view)
    #expect(view.scroll == 0)
  }

  @Test("a namespace is typed, corrected, taken or left; keys mean letters meanwhile")
  func namespace() {
    var view = TopView()
    #expect(press("nqp s/x\u{7F}-1", &view).isEmpty)
    #expect(view.input == "qps-1")
    #expect(press("\r", &view) == [.enterNamespace("qps-1")])
    #expect(view.input == nil && !view.isPaused)
    #expect(press("nabc\u{1B}", &view).isEmpty)
    #expect(view.input == nil)
    #expect(press("n\r", &view).isEmpty)
    _ = press("n" + String(repeating: "a", count: 200), &view)
    #expect(view.input?.count == TopView.maxInput)
  }

  @Test("what is no key is left out", arguments: [[0x00, 0x01, 0x02], [0xC3, 0xA4], [0x1B, 0x5B, 0x31, 0x35, 0x7E]])
  func unknown(bytes: [UInt8]) { #expect(Key.read(bytes).isEmpty) }
}
