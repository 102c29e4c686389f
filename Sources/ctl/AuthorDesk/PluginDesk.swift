import Logging
public import PluginHost

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What the author decides.
public struct DeskOptions: Sendable {
  /// The plugin's file.
  public var file: String
  /// Its name, as the manifest in the file's note says; nil without a note. An event type is configured by it while it
  /// is loaded.
  public var name: String?
  /// Its configuration, JSON.
  public var configurationJSON: String
  /// How long one call into the plugin, and one delivery, may take.
  public var limit: Duration
  /// Whether the plugin's lines of the level debug are written.
  public var isVerbose: Bool

  /// Options.
  public init(
    file: String, name: String? = nil, configurationJSON: String = "{}", limit: Duration = .seconds(10),
    isVerbose: Bool = false
  ) {
    self.file = file
    self.name = name
    self.configurationJSON = configurationJSON
    self.limit = limit
    self.isVerbose = isVerbose
  }
}

/// One plugin, loaded and started as an agent does it, and nothing else.
public final class PluginDesk: Sendable {
  /// The plugin.
  public let plugin: LoadedPlugin
  /// The zones that it works with.
  public let zones: DeskZones
  let registry: PluginRegistry
  let options: DeskOptions
  private let folder: LinkFolder

  /// Loads and starts a plugin.
  /// - Parameter log: takes each line that the plugin writes; from any thread.
  /// - Throws: what is wrong with the file, or with an event type's configuration.
  public static func open(
    _ options: DeskOptions, log: @escaping @Sendable (String) -> Void
  ) async throws(DeskError) -> PluginDesk {
    let folder = try LinkFolder(to: options.file)
    do throws(DeskError) { return try await PluginDesk(options, folder, log) } catch {
      folder.remove()
      throw error
    }
  }

  private init(
    _ options: DeskOptions, _ folder: LinkFolder, _ log: @escaping @Sendable (String) -> Void
  ) async throws(DeskError) {
    zones = try DeskZones()
    let level: Logger.Level = options.isVerbose ? .debug : .info
    let services = HostServices(
      logger: Logger(label: "plugin") { _ in DeskLog(logLevel: level, write: log) }, time: zones.service)
    registry = PluginRegistry(options: Self.hostOptions(options, folder), services: services)
    do throws(PluginHostError) { try await registry.start() } catch { throw DeskError(error) }
    if let problem = registry.problems.first {
      await registry.stop()
      throw DeskError(problem.message.replacing(folder.link, with: options.file))
    }
    guard let plugin = registry.plugins.first else {
      throw DeskError("\(options.file) was not loaded")
    }
    if plugin.manifest.isEventType, options.name == nil, options.configurationJSON != "{}" {
      await registry.stop()
      throw DeskError("an event type is configured by its name, which the file has in no note (carillon/manifest.h)")
    }
    self.plugin = plugin
    self.options = options
    self.folder = folder
  }

  private static func hostOptions(_ options: DeskOptions, _ folder: LinkFolder) -> PluginHostOptions {
    // Who runs a file of their own at the desk need not be told whose it is.
    var host = PluginHostOptions(
      folders: [folder.path], allowsUnsafeFiles: true, callLimit: options.limit, startLimit: options.limit)
    if let name = options.name { host.eventTypeConfigurations[name] = options.configurationJSON }
    return host
  }

  /// Ends every instance and the plugin.
  public func close() async {
    await registry.stop()
    folder.remove()
  }
}

/// A folder of its own with a link to the plugin: a host loads folders.
struct LinkFolder: Sendable {
  let path: String
  var link: String { path + "/plugin.so" }

  /// - Throws: when there is no such file, or no room for temporary files.
  init(to file: String) throws(DeskError) {
    guard let resolved = realpath(file, nil) else {
      throw DeskError("\(file): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(base)/carillon-run-XXXXXX".utf8CString)
    let made = name.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw DeskError("no folder in \(base): \(String(cString: strerror(errno)))") }
    path = made
    guard symlink(resolved, link) == 0 else {
      let reason = String(cString: strerror(errno))
      rmdir(path)
      throw DeskError("\(link): \(reason)")
    }
  }

  func remove() {
    unlink(link)
    rmdir(path)
  }
}
