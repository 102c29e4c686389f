import CtlKit

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
// Before anything else: this may be a child of `ctl plugin check`.
CtlProgram.runPluginCase(arguments)
exit(await CtlProgram.run(arguments))
