import EventModel
import PluginHost

/// What replaces the instances of one version of a plugin by those of another: all of them are made before any is used.
struct PreparedExchange: Sendable {
  /// From now on new work goes to the new version. Answers what lets the old instances finish what they have, and ends
  /// them.
  let commit: @Sendable () -> @Sendable () async -> Void
  /// Ends what was made.
  let abandon: @Sendable () async -> Void
}

extension PluginDirectoryAdapter {
  /// Whether the sinks of a plugin could be made of another version, by that one's schema.
  /// - Throws: the violations of the first one that could not.
  func check(_ manifest: PluginManifest) throws(PluginHostError) {
    for kept in current(of: manifest.name) {
      do throws(PluginHostError) {
        _ = try manifest.configuration.check(kept.sink.configurationJSON, what: "configuration")
      } catch {
        let faults = error.violations.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
        throw PluginHostError(
          .refused,
          "the sink \(Self.instanceName(kept.sink)) cannot be made of \(manifest.version): "
            + (faults.isEmpty ? error.message : faults))
      }
    }
  }

  /// Makes an instance of a version for each sink of its plugin that has one of another version.
  /// - Throws: what the first one answered that cannot be made; then nothing is left of the others.
  func prepareExchange(to version: LoadedPlugin) async throws(PluginHostError) -> PreparedExchange {
    let name = version.manifest.name
    let number = nextNumber()
    var made: [(slot: SinkSlot, new: SinkSlot.Current)] = []
    do throws(PluginHostError) {
      for kept in current(of: name) {
        guard case .success(let slot) = await kept.making.value, slot.current.instance.plugin !== version else {
          continue
        }
        made.append(
          (slot, try await instance(kept.sink, name: "\(Self.instanceName(kept.sink)).\(number)", of: version)))
      }
    } catch {
      for one in made { await one.new.instance.destroy() }
      throw error
    }
    let all = made
    return PreparedExchange(
      commit: {
        let replaced = all.map { ($0.slot, $0.slot.put($0.new)) }
        return {
          await withTaskGroup { group in
            for (slot, old) in replaced { group.addTask { await slot.end(old) } }
          }
        }
      },
      abandon: { for one in all { await one.new.instance.destroy() } })
  }
}
