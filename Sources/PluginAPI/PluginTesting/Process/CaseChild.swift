import CPluginTesting

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The child process in which one case runs.
public enum CaseChild {
  /// The first argument of a child's command line; the second is the descriptor of the shared memory.
  public static let mark = "--plugin-check-case"
  /// Largest file that a plugin may write while it is checked, in bytes.
  private static let maximumFileBytes: rlim_t = 256 * 1_024 * 1_024

  /// Runs a case if the arguments, without the program's name, say so; the process then ends. To be called before anything
  /// else happens in the program.
  public static func runIfAsked(_ arguments: [String]) {
    guard arguments.count == 2, arguments[0] == mark, let descriptor = Int32(arguments[1]) else { return }
    guard let page = SharedPage(descriptor: descriptor), let request = CheckRequest(text: page.request) else {
      _exit(64)
    }
    close(descriptor)
    carillon_testing_die_with_parent()
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    var most = rlimit(rlim_cur: maximumFileBytes, rlim_max: maximumFileBytes)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &most)
    perform(request, page) { page.append($0) }
    page.append("end\t")
    // Not exit: destructors of the plugin are not what is tried here.
    _exit(0)
  }

  /// Runs a case in this process, for a debugger; answers what it told, line by line.
  static func inForeground(_ request: CheckRequest) -> [String] {
    var lines: [String] = []
    perform(request, nil) { lines.append($0) }
    return lines
  }

  private static func perform(_ request: CheckRequest, _ page: SharedPage?, tell: @escaping (String) -> Void) {
    let calls = Calls(page: page, limit: request.callLimit * 1_000_000)
    let context = CaseContext(request, calls: calls, tell: tell)
    guard let one = CheckCase.named(request.caseName) else { return context.fault("no case \(request.caseName)") }
    do throws(CaseEnd) { try one.body(context) } catch {
      switch error {
      case .failed(let why): context.fault(why)
      case .skipped(let why): context.line("skip", why)
      }
    }
  }
}
