import EventModel
import Logging
import Pipeline
import Telemetry

/// Level and form of the log.
struct LogReload: ReloadParticipant {
  let settings: LogSettings

  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload {
    PreparedReload(commit: { settings.change(level: new.log.level, format: new.log.format) })
  }
}

/// What of the pipeline can change.
struct PipelineReload: ReloadParticipant {
  let pipeline: Pipeline

  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload {
    PreparedReload(commit: {
      pipeline.tune(
        PipelineTuning(
          drainTimeout: new.drainTimeout, keepHistory: new.history, keepDeadLetters: new.deadLetters))
    })
  }
}

/// The sinks, whose configurations name secrets.
struct SinkReload: ReloadParticipant {
  let directory: PluginDirectoryAdapter

  func prepare(_ new: Configuration) async throws(ConfigurationError) -> PreparedReload {
    try await directory.prepareReload()
  }
}

extension Configuration {
  /// How the log is written.
  var log: (level: Logger.Level, format: LogFormat) {
    (Logger.Level(rawValue: logLevel) ?? .info, LogFormat(rawValue: logFormat) ?? .auto)
  }
}
