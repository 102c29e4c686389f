import CtlKit

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

exit(await CtlProgram.run(Array(CommandLine.arguments.dropFirst())))
