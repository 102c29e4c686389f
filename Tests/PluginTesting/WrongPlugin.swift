import Testing

/// A plugin of `Wrong/`, and the case that must catch it.
struct WrongPlugin: Sendable, CustomTestStringConvertible {
  /// Its file, without `.c`.
  var name: String
  /// The only case that fails.
  var caught: String
  /// What the report says, where several faults have one case.
  var words: String?
  var testDescription: String { name }

  init(_ name: String, _ caught: String, _ words: String? = nil) {
    (self.name, self.caught, self.words) = (name, caught, words)
  }

  /// Cases that no plugin of these is for: what breaks them breaks an earlier one, or is a warning.
  static let without: Set<String> = ["start", "creates", "activates"]

  static let all: [WrongPlugin] = [
    .init("activates-once", "reactivate"),
    .init("batch-differs", "next-batches"),
    .init("by-process", "next-pure", "another process"),
    .init("cancel-blocks", "cancel"),
    .init("cancel-crashes", "cancel"),
    .init("carry-believed", "carry"),
    .init("carry-too-long", "results"),
    .init("changes-locale", "process", "locale"),
    .init("changes-umask", "process", "umask"),
    .init("completes-after-error", "completes-once", "answered an error for them"),
    .init("crashes-on-configuration", "configurations"),
    .init("crashes-on-empty", "empty-texts", "crashed: signal 11 (SIGSEGV) in render"),
    .init("cursor-lost", "next-continues"),
    .init("deactivate-leaves-open", "deactivate"),
    .init("double-complete", "completes-once", "completed twice"),
    .init("drain-lies", "drain", "drain answered OK"),
    .init("drain-never-returns", "drain", "hung in drain"),
    .init("duplicate-keys", "next-keys", "comes twice"),
    .init("example-invalid", "schemas"),
    .init("exits", "next-answers", "ended the process: exit(3) in next"),
    .init("exports-extra", "exports", "helper"),
    .init("forks", "process", "no permission exec"),
    .init("ignores-max", "next-max", "were asked for"),
    .init("ignores-stop", "next-stop"),
    .init("impure-next", "next-pure"),
    .init("impure-render", "render-pure"),
    .init("installs-signal-handler", "process", "SIGTERM"),
    .init("instances-share", "two-instances"),
    .init("invalid-utf8", "render-text", "no UTF-8"),
    .init("invents-ticket", "completes-once", "never given out"),
    .init("keeps-borrowed-pointer", "borrowed"),
    .init("key-too-long", "next-keys"),
    .init("key-with-space", "next-keys", "without space"),
    .init("late-complete", "completes", "not completed by the deadline"),
    .init("leaks-descriptor", "create-destroy", "descriptors"),
    .init("leaks-per-create", "create-destroy", "bytes are left over"),
    .init("leaves-descriptor", "leaves-nothing", "descriptors"),
    .init("leaves-thread", "leaves-nothing", "threads"),
    .init("manifest-broken", "manifest"),
    .init("manifest-changes", "manifest-static"),
    .init("manifest-name", "manifest"),
    .init("message-missing", "render-answers", "got no message"),
    .init("message-twice", "render-answers", "2 messages"),
    .init("missing-symbol", "loads", "nobody_has_this"),
    .init("needs-user", "next-nobody"),
    .init("never-completes", "completes", "not completed by the deadline"),
    .init("no-date", "next-calendar"),
    .init("no-instance", "configurations"),
    .init("no-leap-year", "next-calendar", "does not exist"),
    .init("null-function", "interfaces", "lacks render"),
    .init("ordinals-restart", "next-order"),
    .init("other-answer", "entry"),
    .init("other-major", "entry", "major version"),
    .init("overflows-name", "odd-texts"),
    .init("prints", "output", "it wrote: active"),
    .init("provides-too-much", "interfaces"),
    .init("reads-beyond-struct-size", "older-host"),
    .init("reads-past-len", "bounds"),
    .init("reads-undeclared-secret", "secrets", "env:HOME"),
    .init("refuses-empty-batch", "batches"),
    .init("refuses-newer-host", "newer-host"),
    .init("render-ignores-stop", "render-stop"),
    .init("requires-missing", "optional-interfaces"),
    .init("schema-loose", "schemas"),
    .init("schema-unsupported", "manifest"),
    .init("spins-in-next", "next-answers", "hung in next: no return within 2500 ms"),
    .init("start-forgotten", "next-start"),
    .init("thread-bound", "threads"),
    .init("title-too-long", "render-text"),
    .init("unknown-id", "interfaces"),
    .init("unknown-outcome", "results"),
    .init("validate-fails", "validate"),
    .init("wrong-order", "next-order"),
    .init("wrong-struct-size", "entry", "struct_size is 24"),
  ]
}
