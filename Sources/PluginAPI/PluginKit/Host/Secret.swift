import Glibc

/// The bytes of a secret. Wiped when the last reference goes; its description says nothing.
///
/// Keep the reference rather than the secret where you can: a secret that is resolved at use can be rotated.
public final class Secret: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
  // Unchecked: the memory is written in `init` and wiped in `deinit`, and only read in between.
  private let bytes: UnsafeMutableRawBufferPointer

  /// Copies bytes.
  public init(copying source: UnsafeRawBufferPointer) {
    bytes = .allocate(byteCount: Swift.max(source.count, 1), alignment: 1)
    count = source.count
    bytes.copyMemory(from: source)
  }

  /// A secret of the UTF-8 bytes of a text; for tests, as the text itself is not wiped.
  public init(_ text: String) {
    bytes = .allocate(byteCount: Swift.max(text.utf8.count, 1), alignment: 1)
    count = text.utf8.count
    bytes.copyBytes(from: text.utf8)
  }

  /// How many bytes it has.
  public let count: Int

  /// Reads the bytes, which are valid within the closure only.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
  }

  /// Says nothing.
  public var description: String { "<secret>" }

  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  deinit {
    // Not a plain loop: the compiler may drop stores to memory that nobody reads again.
    if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    bytes.deallocate()
  }
}
