/// The live screen: looks at the agents and the store go on beside each other, news and keys come in one after the other,
/// and the screen is drawn after each.
struct TopScreen {
  let looks: TopLooks

  private enum Event: Sendable {
    case news(TopModel.News)
    case terminal(Terminal.Event)
  }

  func run() async throws {
    // Who reaches nobody is told so as usual, rather than on a screen.
    _ = try await FirstAnswer.reached(looks.connection)
    try await Terminal.use(looks.around) { terminal in
      let (events, feed) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(10_000))
      await withTaskGroup(of: Void.self) { group in
        let looks = looks
        let place = Place(looks.connection.namespace)
        group.addTask { for await event in terminal.events { feed.yield(.terminal(event)) } }
        for endpoint in looks.connection.endpoints {
          group.addTask { await TopWatch(looks: looks).agent(endpoint) { feed.yield(.news($0)) } }
        }
        group.addTask { await TopWatch(looks: looks).store(place) { feed.yield(.news($0)) } }
        group.addTask { await TopWatch(looks: looks).sums { feed.yield(.news($0)) } }
        await show(events, terminal, place)
        group.cancelAll()
      }
    }
  }

  /// Until the person ends it.
  private func show(_ events: AsyncStream<Event>, _ terminal: Terminal, _ place: Place) async {
    var model = TopModel(
      agents: looks.connection.endpoints.map(\.name), context: looks.title, namespace: place.namespace)
    var view = TopView()
    var snapshot = model.snapshot(now: looks.around.now())
    draw(snapshot, &view, terminal)
    for await event in events {
      switch event {
      case .news(let news): model.take(news, now: looks.around.now())
      case .terminal(.ended): return
      case .terminal(.resized), .terminal(.resumed): break
      case .terminal(.key(let key)):
        switch view.press(key) {
        case .quit: return
        case .enterNamespace(let namespace):
          place.namespace = namespace
          model.enter(namespace)
        case nil: break
        }
      }
      if !view.isPaused { snapshot = model.snapshot(now: looks.around.now()) }
      draw(snapshot, &view, terminal)
    }
  }

  private func draw(_ snapshot: TopSnapshot, _ view: inout TopView, _ terminal: Terminal) {
    let size = terminal.size
    let layout = TopLayout(snapshot: snapshot, view: view, columns: size.columns, rows: size.rows)
    view.scroll = layout.boundedScroll()
    let paint = looks.printer.paint
    terminal.draw(layout.screen().map { line in line.map { paint($0.text, $0.style) }.joined() })
  }
}
