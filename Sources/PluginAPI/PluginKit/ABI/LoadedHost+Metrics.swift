import CPluginAPI

extension LoadedHost {
  func define(_ definition: MetricDefinition) throws(PluginError) -> UInt64 {
    guard let table = metricsTable, let define = table.define else { return 0 }
    var number: UInt64 = 0
    let status = lending(definition.labels) { labels in
      lending(definition.name) { name in
        lending(definition.help) { help in
          definition.bounds.withUnsafeBufferPointer { bounds in
            var lent = carillon_metric_definition(
              struct_size: UInt32(MemoryLayout<carillon_metric_definition>.size), kind: definition.kind.rawValue,
              name: name, help: help, labels: labels.baseAddress, label_count: labels.count,
              bounds: bounds.baseAddress, bound_count: bounds.count)
            // Without a collector the host writes the reason to its log.
            return define(table.context, &lent, &number, nil)
          }
        }
      }
    }
    switch status {
    case CARILLON_OK: return number
    case CARILLON_STALE:
      throw PluginError(.stale, "the metric \(definition.name) is defined too late: only while an instance is created")
    default:
      throw PluginError(
        PluginError.Status(rawValue: status) ?? .failed,
        "the host refused the metric \(definition.name): its definition breaks a rule or is not the one from before; "
          + "the agent's log says which")
    }
  }

  func change(
    metric: UInt64, _ kind: MetricDefinition.Kind, by value: Double, labels: [String]
  ) -> Bool {
    guard let table = metricsTable else { return true }
    let function =
      switch kind {
      case .counter: table.add
      case .gauge: table.set
      case .histogram: table.observe
      }
    return lending(labels) { function?(table.context, metric, value, $0.baseAddress, $0.count) } == CARILLON_OK
  }
}

/// Lends several texts for the duration of a closure.
private func lending<Result>(
  _ texts: [String], _ body: (UnsafeBufferPointer<carillon_str>) -> Result
) -> Result {
  lending(texts[...], after: [], body)
}

private func lending<Result>(
  _ texts: ArraySlice<String>, after lent: [carillon_str], _ body: (UnsafeBufferPointer<carillon_str>) -> Result
) -> Result {
  guard let first = texts.first else { return lent.withUnsafeBufferPointer(body) }
  return lending(first) { lending(texts.dropFirst(), after: lent + [$0], body) }
}
