/// What a plugin's file says about itself, read without loading it.
///
/// ```swift
/// let file = try PluginFile.inspect("/usr/lib/carillon/plugins/pager.so")
/// print(file.digest, file.manifest ?? "no manifest in a note")
/// ```
///
/// Texts come from the file as they are: they may hold control characters.
public struct PluginFile: Sendable, Equatable {
  /// The version of the ABI that a plugin was compiled for.
  public struct ABIVersion: Sendable, Equatable {
    /// `CARILLON_ABI_MAJOR` when it was compiled.
    public var major: UInt32
    /// `CARILLON_ABI_MINOR` when it was compiled.
    public var minor: UInt32
  }

  /// The symbol that a plugin exports.
  public static let entrySymbol = "carillon_plugin_v1"
  /// Largest file that is read, in bytes.
  public static let maximumBytes: UInt64 = 512 * 1_024 * 1_024
  /// Longest manifest, in bytes (`plugin.h`).
  public static let maximumManifestBytes = 256 * 1_024
  /// Most exported names that are kept; `exportCount` counts on.
  public static let maximumExports = 1_024

  /// The file's size in bytes.
  public internal(set) var size: UInt64
  /// SHA-256 of the file, 64 lower-case hexadecimal digits.
  public internal(set) var sha256: String
  /// What it was built for.
  public internal(set) var machine: ELFMachine
  /// The manifest in its ELF note, UTF-8; `nil` when it has no such note (plugins for the ABI before 0.4).
  public internal(set) var manifest: String?
  /// The version in its ELF note; `nil` when it has no such note.
  public internal(set) var abi: ABIVersion?
  /// Names of the symbols that others can look up: defined, global or weak, not hidden. Sorted, at most
  /// `maximumExports`, the entry's always among them.
  public internal(set) var exports: [String]
  /// How many symbols it exports.
  public internal(set) var exportCount: Int
  /// Libraries that are loaded with it (`DT_NEEDED`), in its order.
  public internal(set) var needed: [String]
  /// The library's own name (`DT_SONAME`), if it has one.
  public internal(set) var soname: String?
  /// Folders where the loader looks for `needed` before the system's own (`DT_RUNPATH`, `DT_RPATH`): whoever can write
  /// there has the plugin's rights.
  public internal(set) var runPaths: [String]
  /// The linker's identifier of this build, hexadecimal; `nil` without one.
  public internal(set) var buildID: String?
  /// Whether it asks for a stack that can be executed, which no plugin needs.
  public internal(set) var wantsExecutableStack: Bool

  /// The digest as a configuration pins it: `sha256:` and 64 hexadecimal digits.
  public var digest: String { "sha256:" + sha256 }
  /// Whether it exports the symbol that makes it a plugin.
  public var isPlugin: Bool { exports.contains(Self.entrySymbol) }
  /// What it exports beside that symbol: nothing, when it was built as it should be. Without the names that some linkers
  /// give to every library.
  public var surplusExports: [String] { exports.filter { $0 != Self.entrySymbol && !Self.linkerSymbols.contains($0) } }
  /// How many those are.
  public var surplusCount: Int { exportCount - (exports.count - surplusExports.count) }

  /// What older linkers and gold export whatever they are told.
  private static let linkerSymbols: Set<String> = ["__bss_start", "_edata", "_end", "_fini", "_init"]
}
