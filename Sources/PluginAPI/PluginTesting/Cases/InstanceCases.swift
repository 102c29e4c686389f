import CPluginAPI
import PluginHost

/// `create` and `destroy`.
enum InstanceCases {
  /// How often instances are made when leaks are looked for.
  static let rounds = 1_000
  /// Bytes that may be left over after so many; what is made once for all of them is less.
  private static let allowedBytes = 16 * rounds
  /// Bytes by which the process may have grown.
  private static let allowedGrowth = 256 * rounds
  /// How often so many are made, until it is clear that nothing is left over.
  private static let measurements = 3

  static let all: [CheckCase] = [
    CheckCase(
      "creates", .plugin, "create makes an instance of a valid configuration, and destroy ends it",
      rule: "carillon/sink.h and carillon/event_type.h, create",
      advice: "give --config if the schema does not lead to a configuration that works", needs: ["interfaces"]
    ) { (context) throws(CaseEnd) in
      for maker in try InstanceMaker.of(context) {
        let before = ProcessState.threads
        let made = try maker.make("check", maker.configuration)
        guard let instance = made.instance else { throw .failed("create answered \(made.answer.text)") }
        if ProcessState.threads > before { context.warn("create began a thread; begin it in activate") }
        instance.destroy()
      }
    },
    CheckCase(
      "create-destroy", .plugin, "instances are made and ended \(rounds) times without anything left over",
      rule: "carillon/sink.h and carillon/event_type.h, destroy",
      advice: "run this case under valgrind --leak-check=full, or build with -fsanitize=address",
      needs: ["creates"], body: createDestroy),
    CheckCase(
      "two-instances", .plugin, "two instances live beside each other, and one goes on when the other ends",
      rule: "carillon/base.h, carillon_instance",
      advice: "keep in the instance what belongs to it, not in static variables",
      needs: WorkCases.needs, body: InstancePairs.check),
    CheckCase(
      "configurations", .plugin,
      "create answers every configuration that the schema allows, with an instance or with a reason",
      rule: "carillon/sink.h and carillon/event_type.h, create; carillon/host.h, fail",
      advice: "check what the schema cannot say, and answer CARILLON_INVALID with host->fail", needs: ["creates"],
      body: configurations),
    CheckCase(
      "empty-texts", .plugin, "texts that are {NULL, 0} count as empty", rule: "carillon/base.h, carillon_str",
      advice: "never touch ptr when len is 0; memcpy and strncmp want a pointer even then", needs: WorkCases.needs,
      body: OddTexts.empty),
    CheckCase(
      "odd-texts", .plugin, "very long names, texts of all scripts, and NULs inside are taken",
      rule: "carillon/base.h, carillon_str",
      advice: "use len, never strlen; bound what you copy into buffers of fixed size",
      needs: WorkCases.needs + ["carry"],
      body: OddTexts.odd),
    CheckCase(
      "secrets", .plugin, "only references in the instance's own configuration are asked for, under its own name",
      rule: "carillon/host/secret.h, resolve", advice: "pass the name given to create, and the reference as it stands",
      needs: WorkCases.needs, body: secrets),
  ]

  @Sendable private static func createDestroy(_ context: CaseContext) throws(CaseEnd) {
    for maker in try InstanceMaker.of(context) {
      try round(maker, context)  // what is made once for all instances is made now
      let (descriptors, threads) = (ProcessState.descriptors, ProcessState.threads)
      // What malloc keeps for later, and what grows now and then, comes once; what is left over comes again each time.
      var (leaked, grown) = (Int.max, Int.max)
      for _ in 0..<measurements where leaked >= allowedBytes || grown >= allowedGrowth {
        let (heap, resident) = (ProcessState.heapBytes, ProcessState.residentBytes)
        try round(maker, context)
        leaked = min(leaked, ProcessState.heapBytes - heap)
        grown = min(grown, ProcessState.residentBytes - resident)
      }
      context.expect(
        leaked < allowedBytes, "\(leaked) bytes are left over after \(rounds) instances, \(leaked / rounds) for each")
      context.expect(
        leaked >= allowedBytes || grown < allowedGrowth,
        "the process has \(grown) bytes more after \(rounds) instances, though the heap has not grown")
      let further = ProcessState.descriptors.subtracting(descriptors)
      context.expect(further.isEmpty, "\(further.count) file descriptors are left over after \(rounds) instances")
      let began = ProcessState.threads - threads
      context.expect(began <= 0, "\(began) threads are left over after \(rounds) instances")
    }
  }

  private static func round(_ maker: InstanceMaker, _ context: CaseContext) throws(CaseEnd) {
    for index in 0..<rounds {
      let made = try maker.make("check", maker.configuration)
      guard let instance = made.instance else {
        throw .failed("create answered \(made.answer.text) the \(index + 1)th time")
      }
      instance.destroy()
    }
  }

  @Sendable private static func configurations(_ context: CaseContext) throws(CaseEnd) {
    for maker in try InstanceMaker.of(context) {
      var taken = 0
      let manifest = maker.documents.manifest
      let all = Array(maker.documents.made(manifest.configuration, manifest.configurationSchemaJSON, 100))
      for configuration in all {
        let made = try maker.make("check", configuration)
        if let instance = made.instance {
          taken += 1
          instance.destroy()
        } else if made.answer.isOK {
          context.fault("create answered OK and gave no instance for \(configuration.prefix(300))")
        } else if !made.answer.isExplained {
          context.warn(
            "create answered \(made.answer.text) and does not say why (host->fail) for \(configuration.prefix(300))")
        }
      }
      context.note("\(taken) of \(all.count) configurations were taken")
    }
  }

  @Sendable private static func secrets(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    var plugins: [StartedPlugin] = []
    if manifest.isEventType {
      let type = try context.eventType()
      let definition = try context.definition(type)
      _ = type.instance.next([context.request(definition, type, maximum: 3)])
      plugins.append(type.plugin)
    }
    if manifest.isSink {
      let sink = try context.activeSink()
      let batch = sink.instance.deliver(context.samples(5, sink), limitMilliseconds: DeliveryCases.limitMilliseconds)
      _ = sink.instance.settle(batch)
      sink.instance.deactivate()
      plugins.append(sink.plugin)
    }
    for plugin in plugins {
      let allowed = plugin.host.references.with { $0 }
      for asked in plugin.host.secretRequests.with({ $0 }) {
        guard let own = allowed[asked.instance] else {
          context.fault("a secret was asked for under the name \"\(asked.instance.prefix(80))\", which no instance has")
          continue
        }
        context.expect(
          own.contains(asked.reference),
          "the secret \"\(asked.reference.prefix(80))\" was asked for, which does not stand in the configuration")
      }
    }
  }
}
