import ControlAPI

/// Every method of the API, by full name. A test compares it with the protos' own list (`MethodAccess.all`).
enum APIMethods {
  static let all: [APIMethod] =
    accessControl + agents + audit + deadLetters + events + plugins + queues + schedules + sinks + subscriptions
    + templates + users

  private static var accessControl: [APIMethod] {
    typealias M = Carillon_V1_AccessControl.Method
    return [
      .init(M.CreateDenial.descriptor, M.CreateDenial.Input.self, M.CreateDenial.Output.self),
      .init(M.CreateGrant.descriptor, M.CreateGrant.Input.self, M.CreateGrant.Output.self),
      .init(M.CreateToken.descriptor, M.CreateToken.Input.self, M.CreateToken.Output.self),
      .init(M.DeleteDenial.descriptor, M.DeleteDenial.Input.self, M.DeleteDenial.Output.self),
      .init(M.DeleteGrant.descriptor, M.DeleteGrant.Input.self, M.DeleteGrant.Output.self),
      .init(M.GetCaller.descriptor, M.GetCaller.Input.self, M.GetCaller.Output.self),
      .init(M.GetGrant.descriptor, M.GetGrant.Input.self, M.GetGrant.Output.self),
      .init(M.GetToken.descriptor, M.GetToken.Input.self, M.GetToken.Output.self),
      .init(M.IssueCertificate.descriptor, M.IssueCertificate.Input.self, M.IssueCertificate.Output.self),
      .init(M.ListDenials.descriptor, M.ListDenials.Input.self, M.ListDenials.Output.self),
      .init(M.ListGrants.descriptor, M.ListGrants.Input.self, M.ListGrants.Output.self),
      .init(M.ListTokens.descriptor, M.ListTokens.Input.self, M.ListTokens.Output.self),
      .init(M.RenewCertificate.descriptor, M.RenewCertificate.Input.self, M.RenewCertificate.Output.self),
      .init(M.RevokeToken.descriptor, M.RevokeToken.Input.self, M.RevokeToken.Output.self),
    ]
  }

  private static var agents: [APIMethod] {
    typealias M = Carillon_V1_Agents.Method
    return [
      .init(M.Diagnose.descriptor, M.Diagnose.Input.self, M.Diagnose.Output.self),
      .init(M.DrainAgent.descriptor, M.DrainAgent.Input.self, M.DrainAgent.Output.self),
      .init(M.GetStatistics.descriptor, M.GetStatistics.Input.self, M.GetStatistics.Output.self),
      .init(M.GetStatus.descriptor, M.GetStatus.Input.self, M.GetStatus.Output.self),
      .init(M.ListAgents.descriptor, M.ListAgents.Input.self, M.ListAgents.Output.self),
      .init(M.ListShards.descriptor, M.ListShards.Input.self, M.ListShards.Output.self),
      .init(M.ReadLogs.descriptor, M.ReadLogs.Input.self, M.ReadLogs.Output.self),
      .init(M.ReloadConfiguration.descriptor, M.ReloadConfiguration.Input.self, M.ReloadConfiguration.Output.self),
      .init(M.ResumeAgent.descriptor, M.ResumeAgent.Input.self, M.ResumeAgent.Output.self),
      .init(M.ResumeAll.descriptor, M.ResumeAll.Input.self, M.ResumeAll.Output.self),
      .init(M.StopAll.descriptor, M.StopAll.Input.self, M.StopAll.Output.self),
    ]
  }

  private static var audit: [APIMethod] {
    typealias M = Carillon_V1_Audit.Method
    return [
      .init(M.ListAuditRecords.descriptor, M.ListAuditRecords.Input.self, M.ListAuditRecords.Output.self),
      .init(M.VerifyAudit.descriptor, M.VerifyAudit.Input.self, M.VerifyAudit.Output.self),
    ]
  }

  private static var deadLetters: [APIMethod] {
    typealias M = Carillon_V1_DeadLetters.Method
    return [
      .init(M.DiscardDeadLetter.descriptor, M.DiscardDeadLetter.Input.self, M.DiscardDeadLetter.Output.self),
      .init(M.GetDeadLetter.descriptor, M.GetDeadLetter.Input.self, M.GetDeadLetter.Output.self),
      .init(M.ListDeadLetters.descriptor, M.ListDeadLetters.Input.self, M.ListDeadLetters.Output.self),
      .init(M.ReplayDeadLetter.descriptor, M.ReplayDeadLetter.Input.self, M.ReplayDeadLetter.Output.self),
      .init(M.ReplayDeadLetters.descriptor, M.ReplayDeadLetters.Input.self, M.ReplayDeadLetters.Output.self),
    ]
  }

  private static var events: [APIMethod] {
    typealias M = Carillon_V1_Events.Method
    return [
      .init(M.CancelEvent.descriptor, M.CancelEvent.Input.self, M.CancelEvent.Output.self),
      .init(M.CreateEvent.descriptor, M.CreateEvent.Input.self, M.CreateEvent.Output.self),
      .init(M.ExplainEvent.descriptor, M.ExplainEvent.Input.self, M.ExplainEvent.Output.self),
      .init(M.GetEvent.descriptor, M.GetEvent.Input.self, M.GetEvent.Output.self),
      .init(M.ListEvents.descriptor, M.ListEvents.Input.self, M.ListEvents.Output.self),
      .init(M.MoveEvent.descriptor, M.MoveEvent.Input.self, M.MoveEvent.Output.self),
      .init(M.MoveEvents.descriptor, M.MoveEvents.Input.self, M.MoveEvents.Output.self),
      .init(M.VerifyLedger.descriptor, M.VerifyLedger.Input.self, M.VerifyLedger.Output.self),
      .init(M.WatchChanges.descriptor, M.WatchChanges.Input.self, M.WatchChanges.Output.self),
      .init(M.WatchReceipts.descriptor, M.WatchReceipts.Input.self, M.WatchReceipts.Output.self),
    ]
  }

  private static var plugins: [APIMethod] {
    typealias M = Carillon_V1_Plugins.Method
    return [
      .init(M.DisablePlugin.descriptor, M.DisablePlugin.Input.self, M.DisablePlugin.Output.self),
      .init(M.EnablePlugin.descriptor, M.EnablePlugin.Input.self, M.EnablePlugin.Output.self),
      .init(M.GetPlugin.descriptor, M.GetPlugin.Input.self, M.GetPlugin.Output.self),
      .init(M.ListPluginLogs.descriptor, M.ListPluginLogs.Input.self, M.ListPluginLogs.Output.self),
      .init(M.ListPlugins.descriptor, M.ListPlugins.Input.self, M.ListPlugins.Output.self),
      .init(M.LoadPlugin.descriptor, M.LoadPlugin.Input.self, M.LoadPlugin.Output.self),
      .init(M.ReloadPlugin.descriptor, M.ReloadPlugin.Input.self, M.ReloadPlugin.Output.self),
      .init(M.RollBackPlugin.descriptor, M.RollBackPlugin.Input.self, M.RollBackPlugin.Output.self),
      .init(M.UpdatePlugin.descriptor, M.UpdatePlugin.Input.self, M.UpdatePlugin.Output.self),
      .init(M.WatchPluginLogs.descriptor, M.WatchPluginLogs.Input.self, M.WatchPluginLogs.Output.self),
      .init(M.WatchPlugins.descriptor, M.WatchPlugins.Input.self, M.WatchPlugins.Output.self),
    ]
  }

  private static var queues: [APIMethod] {
    typealias M = Carillon_V1_Queues.Method
    return [
      .init(M.CreateQueue.descriptor, M.CreateQueue.Input.self, M.CreateQueue.Output.self),
      .init(M.DeleteQueue.descriptor, M.DeleteQueue.Input.self, M.DeleteQueue.Output.self),
      .init(M.DrainQueue.descriptor, M.DrainQueue.Input.self, M.DrainQueue.Output.self),
      .init(M.GetQueue.descriptor, M.GetQueue.Input.self, M.GetQueue.Output.self),
      .init(M.ListQueues.descriptor, M.ListQueues.Input.self, M.ListQueues.Output.self),
      .init(M.PauseQueue.descriptor, M.PauseQueue.Input.self, M.PauseQueue.Output.self),
      .init(M.PurgeQueue.descriptor, M.PurgeQueue.Input.self, M.PurgeQueue.Output.self),
      .init(M.ResumeQueue.descriptor, M.ResumeQueue.Input.self, M.ResumeQueue.Output.self),
      .init(M.UpdateQueue.descriptor, M.UpdateQueue.Input.self, M.UpdateQueue.Output.self),
      .init(M.WatchQueues.descriptor, M.WatchQueues.Input.self, M.WatchQueues.Output.self),
    ]
  }

  private static var schedules: [APIMethod] {
    typealias M = Carillon_V1_Schedules.Method
    return [
      .init(M.CreateSchedule.descriptor, M.CreateSchedule.Input.self, M.CreateSchedule.Output.self),
      .init(M.DeleteSchedule.descriptor, M.DeleteSchedule.Input.self, M.DeleteSchedule.Output.self),
      .init(M.GetSchedule.descriptor, M.GetSchedule.Input.self, M.GetSchedule.Output.self),
      .init(M.ListSchedules.descriptor, M.ListSchedules.Input.self, M.ListSchedules.Output.self),
      .init(M.ListUpcoming.descriptor, M.ListUpcoming.Input.self, M.ListUpcoming.Output.self),
      .init(M.MoveOccurrence.descriptor, M.MoveOccurrence.Input.self, M.MoveOccurrence.Output.self),
      .init(M.PreviewSchedule.descriptor, M.PreviewSchedule.Input.self, M.PreviewSchedule.Output.self),
      .init(M.ReplanSchedules.descriptor, M.ReplanSchedules.Input.self, M.ReplanSchedules.Output.self),
      .init(M.RestoreOccurrence.descriptor, M.RestoreOccurrence.Input.self, M.RestoreOccurrence.Output.self),
      .init(M.RunSchedule.descriptor, M.RunSchedule.Input.self, M.RunSchedule.Output.self),
      .init(M.SkipOccurrence.descriptor, M.SkipOccurrence.Input.self, M.SkipOccurrence.Output.self),
      .init(M.UpdateSchedule.descriptor, M.UpdateSchedule.Input.self, M.UpdateSchedule.Output.self),
    ]
  }

  private static var sinks: [APIMethod] {
    typealias M = Carillon_V1_Sinks.Method
    return [
      .init(M.CreateSink.descriptor, M.CreateSink.Input.self, M.CreateSink.Output.self),
      .init(M.DeleteSink.descriptor, M.DeleteSink.Input.self, M.DeleteSink.Output.self),
      .init(M.EnableEndpoint.descriptor, M.EnableEndpoint.Input.self, M.EnableEndpoint.Output.self),
      .init(M.GetSink.descriptor, M.GetSink.Input.self, M.GetSink.Output.self),
      .init(M.ListGoneEndpoints.descriptor, M.ListGoneEndpoints.Input.self, M.ListGoneEndpoints.Output.self),
      .init(M.ListSinks.descriptor, M.ListSinks.Input.self, M.ListSinks.Output.self),
      .init(M.TestSink.descriptor, M.TestSink.Input.self, M.TestSink.Output.self),
      .init(M.UpdateSink.descriptor, M.UpdateSink.Input.self, M.UpdateSink.Output.self),
    ]
  }

  private static var subscriptions: [APIMethod] {
    typealias M = Carillon_V1_Subscriptions.Method
    return [
      .init(M.CreateSubscription.descriptor, M.CreateSubscription.Input.self, M.CreateSubscription.Output.self),
      .init(M.DeleteSubscription.descriptor, M.DeleteSubscription.Input.self, M.DeleteSubscription.Output.self),
      .init(M.GetSubscription.descriptor, M.GetSubscription.Input.self, M.GetSubscription.Output.self),
      .init(M.ListSubscriptions.descriptor, M.ListSubscriptions.Input.self, M.ListSubscriptions.Output.self),
      .init(M.UpdateSubscription.descriptor, M.UpdateSubscription.Input.self, M.UpdateSubscription.Output.self),
    ]
  }

  private static var templates: [APIMethod] {
    typealias M = Carillon_V1_Templates.Method
    return [
      .init(M.CreateTemplate.descriptor, M.CreateTemplate.Input.self, M.CreateTemplate.Output.self),
      .init(M.DeleteTemplate.descriptor, M.DeleteTemplate.Input.self, M.DeleteTemplate.Output.self),
      .init(M.GetTemplate.descriptor, M.GetTemplate.Input.self, M.GetTemplate.Output.self),
      .init(M.ListTemplates.descriptor, M.ListTemplates.Input.self, M.ListTemplates.Output.self),
      .init(M.UpdateTemplate.descriptor, M.UpdateTemplate.Input.self, M.UpdateTemplate.Output.self),
    ]
  }

  private static var users: [APIMethod] {
    typealias M = Carillon_V1_Users.Method
    return [
      .init(M.CreateUser.descriptor, M.CreateUser.Input.self, M.CreateUser.Output.self),
      .init(M.DeleteUser.descriptor, M.DeleteUser.Input.self, M.DeleteUser.Output.self),
      .init(M.EraseUser.descriptor, M.EraseUser.Input.self, M.EraseUser.Output.self),
      .init(M.ExportUser.descriptor, M.ExportUser.Input.self, M.ExportUser.Output.self),
      .init(M.GetUser.descriptor, M.GetUser.Input.self, M.GetUser.Output.self),
      .init(M.ImportUsers.descriptor, M.ImportUsers.Input.self, M.ImportUsers.Output.self),
      .init(M.ListUsers.descriptor, M.ListUsers.Input.self, M.ListUsers.Output.self),
      .init(M.UpdateUser.descriptor, M.UpdateUser.Input.self, M.UpdateUser.Output.self),
    ]
  }
}
