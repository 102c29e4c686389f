/// A pause that a cancelled task makes too.
enum Pause {
  static func now(_ duration: Duration) async {
    await Task.detached { try? await Task.sleep(for: duration) }.value
  }

  /// Between nothing and `duration`.
  static func jittered(_ duration: Duration) async {
    await now(duration * Double.random(in: 0...1))
  }
}
