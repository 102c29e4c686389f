let randomRules: [ConformanceRule] = (1...8).map { seed in
  ConformanceRule("any mix of steps loses nothing, doubles nothing and keeps its word (seed \(seed))") { scene in
    var play = RandomPlay(scene: scene, seed: UInt64(seed))
    try await play.play(steps: 250)
  }
}
