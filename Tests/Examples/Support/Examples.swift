import Foundation

/// How the examples are compiled.
enum Build: String, CaseIterable, Sendable {
  /// As their Makefiles have it.
  case plain
  /// With the sanitizers for addresses and undefined behaviour.
  case sanitized
}

/// The examples, built as their authors build them, once for all tests of this process.
struct Examples: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// With `prefix`, and a folder for each example.
  let folder: URL

  /// Where `make install` puts plugins.
  var plugins: URL { folder.appendingPathComponent("prefix/lib/carillon/plugins") }
  /// The small host of these tests.
  var driver: String { folder.appendingPathComponent("driver").path }
  /// The reader of archives.
  var archiveCat: String { folder.appendingPathComponent("prefix/bin/archive-cat").path }

  /// A plugin with a fault (`Fixtures/Faulty`).
  func faulty(_ fault: Int) -> String { folder.appendingPathComponent("faulty-\(fault).so").path }

  func plugin(_ name: String) -> String { plugins.appendingPathComponent("libcarillon-\(name).so").path }

  /// Those that are built with make and a compiler of C or C++.
  static let compiled = ["archive", "countdown", "exec", "journal"]
  /// Cargo is not on every machine.
  static let hasCargo = isInstalled("cargo")

  private static let plain = Task { try await make(.plain) }
  /// After the others, for which more tests wait.
  private static let sanitized = Task {
    _ = try await plain.value
    return try await make(.sanitized)
  }

  static func built(_ build: Build = .plain) async throws -> Examples {
    switch build {
    case .plain: try await plain.value
    case .sanitized: try await sanitized.value
    }
  }

  /// In a folder named after this process, which is removed when it ends.
  private static let place: URL = {
    atexit {
      try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "/carillon-examples-\(getpid())")
    }
    return URL(fileURLWithPath: NSTemporaryDirectory() + "/carillon-examples-\(getpid())")
  }()

  private static let script = """
    root=$1 to=$2 sanitize=$3
    shift 3
    mkdir -p "$to"
    "$root/deploy/install-headers.sh" "$to/prefix"
    export PKG_CONFIG_PATH="$to/prefix/lib/pkgconfig"
    flags="-g -Wall -Wextra -Werror ${sanitize:+-fsanitize=$sanitize} $(pkg-config --cflags carillon-plugin)"
    # What is checked by sanitizers need not be fast, and compiles in half the time.
    [ -z "$sanitize" ] || export CFLAGS="-O1 -g -Wall -Wextra -Werror" CXXFLAGS="-O1 -g -Wall -Wextra -Werror"
    build() {
      cp -r "$root/Plugins/Examples/$1" "$to/$1"
      make -s -C "$to/$1" SANITIZE="$sanitize"
      make -s -C "$to/$1" SANITIZE="$sanitize" install
    }
    works=()
    for example in "$@"; do
      build "$example" &
      works+=($!)
    done
    cc -std=c11 $flags -pthread "$root"/Tests/Examples/Fixtures/*.c -o "$to/driver" -ldl
    for fault in 1 2 3 4; do
      cc -std=c11 $flags -Wno-use-after-free -Wno-uninitialized -DFAULT=$fault -fPIC -shared -fvisibility=hidden \
        "$root/Tests/Examples/Fixtures/Faulty/faulty.c" -o "$to/faulty-$fault.so"
    done
    for work in "${works[@]}"; do wait "$work"; done
    chmod -R go-w "$to"
    """

  private static func make(_ build: Build) async throws -> Examples {
    let folder = place.appendingPathComponent(build.rawValue)
    let sanitizers = build == .sanitized ? "address,undefined" : ""
    let names = compiled + (hasCargo && build == .plain ? ["easter"] : [])
    let finished = try await Command.run(
      "/bin/bash", ["-euc", script, "bash", Sources.root.path, folder.path, sanitizers] + names)
    guard finished.status == 0 else { throw Failure(description: finished.errors) }
    return Examples(folder: folder)
  }
}
