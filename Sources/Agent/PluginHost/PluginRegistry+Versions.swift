import EventModel
import Logging
import Synchronization

/// Plugins that come, go and change while the agent runs.
extension PluginRegistry {
  /// How often plugins may be loaded anew into the agent's own process: nothing is ever unloaded from it.
  public static let maximumLocalReloads = 32

  /// How many more files may be loaded into the agent's own process in this run of it.
  public var localReloadsLeft: Int { state.withLock { max(0, Self.maximumLocalReloads - $0.localReloads) } }

  /// The file of a name in the plugin folders, the first one that has it.
  /// - Parameter file: a file's name, no path.
  /// - Throws: `.notFound`, or `.unsafeFolder` for a folder that others can write to.
  public func find(_ file: String) throws(PluginHostError) -> String {
    guard file.hasSuffix(".so"), !file.hasPrefix("."), !file.utf8.contains(UInt8(ascii: "/")) else {
      throw PluginHostError(.notFound, "\"\(PlainText.oneLine(file))\" is no name of a plugin's file (libname.so)")
    }
    for folder in options.folders {
      let canonical = try FileRules.checkFolder(folder, allowsUnsafe: options.allowsUnsafeFiles)
      if try PluginFolder.libraries(in: canonical).contains(canonical + "/" + file) { return canonical + "/" + file }
    }
    throw PluginHostError(
      .notFound, "there is no file \"\(file)\" in the plugin folders \(options.folders.joined(separator: ", "))")
  }

  /// Loads and starts a version of a plugin; nothing uses it yet: hand it to `use`, or `discard` it.
  /// - Parameters:
  ///   - path: as `find` answers it.
  ///   - name: the plugin that it must be; nil: one that is not loaded yet.
  ///   - digest: what the file's digest must be, `sha256:…`; nil: any.
  ///   - isolation: where it runs; nil: as the options say.
  /// - Throws: what is wrong with it, naming the file.
  public func prepare(
    _ path: String, as name: String?, digest: String? = nil, isolation: PluginIsolation? = nil
  ) async throws(PluginHostError) -> LoadedPlugin {
    let plugin = try await open(
      path, isolation: isolation, digest: digest, mayBeLocal: localReloadsLeft > 0, refusal: refusal(of: path, as: name)
    )
    if plugin.isolation == .inProcess { state.withLock { $0.localReloads += 1 } }
    return plugin
  }

  /// Looks at a file as `prepare` does, and loads nothing.
  /// - Parameters: as those of `prepare`.
  /// - Throws: what is wrong with it, naming the file, or why its event type's configuration does not suit it.
  public func check(
    _ path: String, as name: String?, digest: String? = nil, isolation: PluginIsolation? = nil
  ) async throws(PluginHostError) -> CheckedPlugin {
    let (options, services, mayBeLocal) = (options, services, localReloadsLeft > 0)
    let refusal = refusal(of: path, as: name)
    let checked = try await control.call(
      "looking at \(path)", limit: options.startLimit, health: PluginHealth(plugin: path)
    ) { () throws(PluginHostError) -> CheckedPlugin in
      let start = PluginStart(services: services, options: options)
      let (image, known, place) = try start.admit(
        path, isolation: isolation, digest: digest, mayBeLocal: mayBeLocal, refusal: refusal)
      defer { image.closeUnseen() }
      return CheckedPlugin(
        manifest: known, file: image.file, digest: image.digest, abiVersion: image.abiVersion, isolation: place)
    }
    if let manifest = checked.manifest, manifest.isEventType {
      _ = try manifest.configuration.check(configuration(of: manifest.name), what: "configuration")
    }
    return checked
  }

  /// Why a file's plugin is not wanted, by its name.
  private func refusal(of path: String, as name: String?) -> @Sendable (String) -> PluginHostError? {
    { found in
      if let name {
        if found == name { return nil }
        return PluginHostError(.otherPlugin, "\(path) is the plugin \"\(found)\", not \"\(name)\"")
      }
      guard let first = self.plugin(named: found) else { return nil }
      return PluginHostError(.duplicateName, "the plugin \"\(found)\" is loaded already, from \(first.file)")
    }
  }

  /// Where the options say that a plugin runs.
  public func usualIsolation(of plugin: LoadedPlugin) -> PluginIsolation {
    options.isolation.place(
      of: plugin.manifest.name, isOurs: LoadingPolicy.isOurs(plugin.manifest, file: plugin.file))
  }

  /// Puts a version into use. What was in its place goes on with the work that it has.
  /// - Parameter eventType: its event type, if it is one.
  /// - Returns: what was in its place.
  /// - Throws: `.illegalState` when the registry is stopped, or other work came first.
  public func use(
    _ plugin: LoadedPlugin, eventType: EventTypeInstance?, instead old: LoadedPlugin?
  ) throws(PluginHostError) -> EventTypeInstance? {
    let name = plugin.manifest.name
    let result = state.withLock { state -> (isUsed: Bool, eventType: EventTypeInstance?) in
      let place = state.plugins.firstIndex { $0.manifest.name == name }
      guard !state.isStopped, place.map({ state.plugins[$0] === old }) ?? (old == nil) else { return (false, nil) }
      if let place { state.plugins[place] = plugin } else { state.plugins.append(plugin) }
      defer { state.eventTypes[name] = eventType }
      state.problems.removeAll { $0.file == plugin.file }
      return (true, state.eventTypes[name])
    }
    guard result.isUsed else {
      throw PluginHostError(.illegalState, "the plugin \"\(name)\" was changed by somebody else, or the agent stops")
    }
    return result.eventType
  }

  /// Gives an event type another configuration; what it is asked from now on goes by it.
  /// - Throws: `.notFound`, `.invalidDocument`, or what the plugin's `create` answered; then nothing changed.
  public func configure(_ name: String, json: String) async throws(PluginHostError) {
    guard let plugin = plugin(named: name), plugin.manifest.isEventType else {
      throw unknown("event type", name, eventTypeNames)
    }
    let made = try await EventTypeInstance.make(plugin, configuration: json)
    do throws(PluginHostError) {
      let old = try use(plugin, eventType: made, instead: plugin)
      state.withLock { $0.configurations[name] = json }
      await old?.stop()
    } catch {
      await made.stop()
      throw error
    }
  }

  /// Whether an event type has another configuration than it began with.
  public func isConfigured(_ name: String) -> Bool {
    configuration(of: name) != options.eventTypeConfigurations[name] ?? "{}"
  }

  /// The configuration of an event type.
  public func configuration(of name: String) -> String {
    state.withLock { $0.configurations[name] } ?? options.eventTypeConfigurations[name] ?? "{}"
  }

  /// Ends what is not used any more: an event type, and a plugin whose sinks were all destroyed.
  public func discard(_ plugin: LoadedPlugin?, eventType: EventTypeInstance? = nil) async {
    await eventType?.stop()
    await plugin?.stop()
  }

  /// Versions that may wait at once for the end of the work that they have.
  static let maximumRetiring = 8

  /// Ends a version that nobody goes back to, as soon as the sinks that it had have ended their work: their owner sees to
  /// that. Returns at once, unless too many wait so.
  public func retire(_ plugin: LoadedPlugin?) async {
    guard let plugin else { return }
    let areTooMany = state.withLock { state in
      state.retiring += 1
      return state.retiring > Self.maximumRetiring
    }
    let end = Task {
      // Bounded: a sink that was replaced is destroyed once its time is over, whatever it still has.
      while hasSinks(plugin) { try? await Task.sleep(for: .milliseconds(20)) }
      await discard(plugin)
      state.withLock { $0.retiring -= 1 }
    }
    if areTooMany { await end.value }
  }

  private func hasSinks(_ plugin: LoadedPlugin) -> Bool {
    state.withLock { $0.sinks.contains { $0.plugin === plugin && $0.lifecycle != .destroyed } }
  }

  /// Loads and starts a file; it is not in use yet.
  /// - Parameters:
  ///   - isolation: where it runs; nil: as the options say.
  ///   - digest: what the file's digest must be; nil: any.
  ///   - mayBeLocal: whether it may be loaded into the agent's own process.
  ///   - refusal: asked before anything of the file runs, where its name is known then, and again when it is.
  /// - Throws: what is wrong with it, naming the file.
  func open(
    _ file: String, isolation: PluginIsolation?, digest: String? = nil, mayBeLocal: Bool = true,
    refusal: @escaping @Sendable (String) -> PluginHostError?
  ) async throws(PluginHostError) -> LoadedPlugin {
    let (options, services) = (options, services)
    // Each file has its own record: one whose constructors hang is no other's fault.
    let health = PluginHealth(plugin: file)
    let (image, manifest, code, parts) = try await control.call(
      "loading \(file)", limit: options.startLimit, health: health
    ) { () throws(PluginHostError) -> (PluginImage, PluginManifest, PluginCode, PluginParts) in
      let start = PluginStart(services: services, options: options)
      let (image, known, place) = try start.admit(
        file, isolation: isolation, digest: digest, mayBeLocal: mayBeLocal, refusal: refusal)
      let (manifest, code, parts) = try start.start(image, known, at: place, refusal: refusal)
      return (image, manifest, code, parts)
    }
    let plugin = try LoadedPlugin(
      image, manifest, code, parts, PluginHealth(plugin: manifest.name, calls: parts.calls), options: options,
      watchdog: watchdog, control: control)
    plugin.logger.info(
      "plugin loaded",
      metadata: [
        "version": "\(manifest.version)", "file": "\(file)", "isolation": "\(plugin.isolation.rawValue)",
        "digest": "\(plugin.digest)",
      ])
    return plugin
  }

  /// Makes the event type of one version of a plugin; it is not in use yet.
  public func makeEventType(of plugin: LoadedPlugin) async throws(PluginHostError) -> EventTypeInstance {
    try await EventTypeInstance.make(plugin, configuration: configuration(of: plugin.manifest.name))
  }
}
