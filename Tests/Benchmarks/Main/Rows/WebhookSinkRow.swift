import AgentHarness
import Foundation
import PluginHost
import SwiftProtobuf

/// `webhook-sink`: the sink alone, through the plugin host, against a bare libcurl-multi loop on the same receiver.
@Sendable func webhookSink() async throws -> Row {
  let requests = 60_000
  return try await Nginx.with { nginx in
    let rates = try await TemporaryFolder.with { folder in
      let programs = try Programs.find()
      try FileManager.default.copyItem(
        atPath: programs.plugin("webhook"), toPath: "\(folder.path)/libcarillon-webhook.so")
      return try await withPlugins(in: folder.path) { registry in
        let sink = try await registry.makeSink(
          plugin: "webhook", name: "bench",
          configurationJSON: try Seed.webhookConfiguration(port: nginx.port, secret: try Seed.secretFile(folder))
            .jsonString())
        try await sink.activate()
        // In turns, so that whatever else the machine does meets both.
        var rates: [(sink: Double, bare: Double)] = []
        _ = try await SinkDriver(requests: 2_000, batch: 20).run(sink)
        for _ in 0..<3 {
          let rate = try await SinkDriver(requests: requests, batch: 20).run(sink)
          rates.append((rate, try BareRun.send(requests, inFlight: 128, port: nginx.port).rate))
        }
        return rates
      }
    }
    let value = median(rates.map(\.sink))
    let bare = median(rates.map(\.bare))
    return Row(
      id: "webhook-sink", what: "webhook sink alone, batches of 20, signed, to nginx on loopback", value: value,
      unit: "requests/s", beside: .init(name: "bare libcurl-multi loop, requests/s", value: bare),
      ratio: value / bare, target: "ratio >= 0.6", met: value / bare >= 0.6)
  }
}
