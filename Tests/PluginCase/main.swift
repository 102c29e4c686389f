import PluginTesting

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

// Runs single cases for the tests of PluginTesting, which start thousands of processes: `ctl`, which does the same, is
// much larger. With a plugin's file it prints the report of a whole check as JSON.
let arguments = Array(CommandLine.arguments.dropFirst())
CaseChild.runIfAsked(arguments)
guard let file = arguments.first else { exit(64) }
var options = CheckOptions(file: file, seed: 1)
options.callLimitMilliseconds = 2_500
for (option, value) in zip(arguments.dropFirst(), arguments.dropFirst(2)) {
  switch option {
  case "--config": options.configuration = value
  case "--definition": options.definition = value
  case "--endpoint": options.endpoint = value
  case "--case": options.cases = [value]
  default: continue
  }
}
let report = CheckRun(options).run()
print(CheckText.json(report))
exit(report.isClean ? 0 : 1)
