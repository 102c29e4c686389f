import PluginHost
import Synchronization
import Telemetry

/// Shows plugins' own metrics beside the agent's, as long as a load of their plugin has them.
final class ShownPluginMetrics: PluginMetricSink {
  private struct Shown {
    var definition: PluginMetricDefinition
    var family: ShownFamily
    /// Loads of the plugin that have it: two, while a new version takes over.
    var holders = 1
  }

  private let registry: MetricRegistry
  private let shown = Mutex<[String: Shown]>([:])

  init(_ registry: MetricRegistry) { self.registry = registry }

  func define(_ definition: PluginMetricDefinition) throws(PluginHostError) -> any PluginMetric {
    let name = definition.fullName
    let family = try shown.withLock { shown -> Result<ShownFamily, PluginHostError> in
      if let there = shown[name] {
        guard there.definition.plugin == definition.plugin else { return .failure(Self.taken(definition)) }
        if there.definition == definition {
          shown[name]?.holders += 1
          return .success(there.family)
        }
        // Another version of the plugin means something else by this name; its numbers count from here.
        registry.remove(name)
      } else if registry.contains(name) {
        return .failure(Self.taken(definition))
      }
      let family = ShownFamily(definition, registry)
      shown[name] = Shown(definition: definition, family: family)
      return .success(family)
    }.get()
    return ShownMetric(name: name, family: family, owner: self)
  }

  /// One load of a plugin has it no more.
  fileprivate func end(_ name: String, _ family: ShownFamily) {
    shown.withLock { shown in
      guard let there = shown[name], there.family === family else { return }
      shown[name]?.holders -= 1
      guard there.holders == 1 else { return }
      shown[name] = nil
      registry.remove(name)
    }
  }

  private static func taken(_ definition: PluginMetricDefinition) -> PluginHostError {
    PluginHostError(
      .invalidDocument, "the metric \(definition.name): \(definition.fullName) is the name of another metric already")
  }
}

/// What one load of a plugin holds of a metric.
private struct ShownMetric: PluginMetric {
  let name: String
  let family: ShownFamily
  let owner: ShownPluginMetrics

  func series(_ labels: [String]) -> any PluginMetricSeries { family.series(labels) }

  func end() { owner.end(name, family) }
}

/// A metric in the registry.
private final class ShownFamily: Sendable {
  private enum Family {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)
  }

  private let family: Family

  init(_ definition: PluginMetricDefinition, _ registry: MetricRegistry) {
    let (name, help, labels) = (definition.fullName, definition.help, definition.labels)
    switch definition.kind {
    case .counter: family = .counter(registry.counter(name, help, labels: labels))
    case .gauge: family = .gauge(registry.gauge(name, help, labels: labels))
    case .histogram:
      family = .histogram(registry.histogram(name, help, labels: labels, bounds: definition.bounds))
    }
  }

  func series(_ labels: [String]) -> any PluginMetricSeries {
    switch family {
    case .counter(let counter): ShownSeries.counter(counter.series(labels))
    case .gauge(let gauge): ShownSeries.gauge(gauge.series(labels))
    case .histogram(let histogram): ShownSeries.histogram(histogram.series(labels))
    }
  }
}

/// A series in the registry.
private enum ShownSeries: PluginMetricSeries {
  case counter(Counter.Series)
  case gauge(Gauge.Series)
  case histogram(Histogram.Series)

  func change(_ value: Double) {
    switch self {
    case .counter(let series): series.add(value)
    case .gauge(let series): series.set(value)
    case .histogram(let series): series.observe(value)
    }
  }
}
