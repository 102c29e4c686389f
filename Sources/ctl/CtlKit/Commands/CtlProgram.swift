import ArgumentParser
import PluginTesting

/// The program around the commands: parses, runs, tells errors, decides the exit status.
public enum CtlProgram {
  /// Runs one case of `ctl plugin check`, and ends the process, if these are the arguments of the child that does so. To be
  /// called first of all: a plugin is tried in a process where nothing else goes on.
  public static func runPluginCase(_ arguments: [String]) { CaseChild.runIfAsked(arguments) }

  /// Runs one command line, without the program's name, and answers the exit status.
  public static func run(_ arguments: [String], in surroundings: Surroundings = .process()) async -> Int32 {
    await Surroundings.$current.withValue(surroundings) {
      let status = await perform(arguments, surroundings)
      surroundings.output.flush()
      surroundings.errors.flush()
      return status
    }
  }

  private static func perform(_ arguments: [String], _ around: Surroundings) async -> Int32 {
    do {
      var command = try await Ctl.asyncParseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return ExitStatus.done.rawValue
    } catch let error as CtlError {
      return tell(error, arguments, around)
    } catch let exit as ExitCode {
      // Of a child that has told everything itself.
      return exit.rawValue
    } catch {
      return tellParsing(error, arguments, around)
    }
  }

  private static func tell(_ error: CtlError, _ arguments: [String], _ around: Surroundings) -> Int32 {
    around.output.flush()
    let isColoured = ColourChoice.auto.isOn(isTerminal: around.isErrorTerminal, environment: around.environment)
    around.errors.line(
      ErrorText.text(error, format: .requested(in: arguments), paint: Paint(isOn: isColoured)))
    return error.code.exitStatus.rawValue
  }

  /// Help and versions are answers; the rest is a wrong command line.
  private static func tellParsing(_ error: any Error, _ arguments: [String], _ around: Surroundings) -> Int32 {
    guard Ctl.exitCode(for: error) != .success else {
      around.output.line(Ctl.fullMessage(for: error))
      return ExitStatus.done.rawValue
    }
    if OutputFormat.requested(in: arguments).isForPrograms {
      return tell(CtlError(.invalidArgument, Ctl.message(for: error), hint: "see: ctl --help"), arguments, around)
    }
    around.errors.line(Ctl.fullMessage(for: error))
    return ExitStatus.usage.rawValue
  }
}
