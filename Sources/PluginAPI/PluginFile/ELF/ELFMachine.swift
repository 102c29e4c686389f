/// The kind of processor that a file was built for, as `elf.h` numbers it.
public struct ELFMachine: Sendable, Equatable, CustomStringConvertible {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  /// `EM_X86_64`, 64-bit PCs.
  public static let x86_64 = ELFMachine(number: 62)
  /// `EM_AARCH64`, 64-bit ARM.
  public static let aarch64 = ELFMachine(number: 183)

  /// The machine that this program was built for.
  public static var current: ELFMachine {
    #if arch(x86_64)
      .x86_64
    #elseif arch(arm64)
      .aarch64
    #else
      ELFMachine(number: 0)
    #endif
  }

  /// The number in the file's header.
  public let number: UInt16

  /// A name that `uname -m` knows, or the number.
  public var description: String {
    switch self {
    case .x86_64: "x86_64"
    case .aarch64: "aarch64"
    default: "machine type \(number)"
    }
  }
}
