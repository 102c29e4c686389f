/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/access_control.h>
#include <carillon/services/agents.h>
#include <carillon/services/audit.h>
#include <carillon/services/dead_letters.h>
#include <carillon/services/events.h>
#include <carillon/services/health.h>
#include <carillon/services/plugins.h>
#include <carillon/services/queues.h>
#include <carillon/services/schedules.h>
#include <carillon/services/sinks.h>
#include <carillon/services/subscriptions.h>
#include <carillon/services/templates.h>
#include <carillon/services/users.h>

static const carillon_method *const methods[] = {
  &carillon_access_control_get_caller_method,
  &carillon_access_control_create_token_method,
  &carillon_access_control_get_token_method,
  &carillon_access_control_list_tokens_method,
  &carillon_access_control_revoke_token_method,
  &carillon_access_control_create_grant_method,
  &carillon_access_control_get_grant_method,
  &carillon_access_control_list_grants_method,
  &carillon_access_control_delete_grant_method,
  &carillon_access_control_create_denial_method,
  &carillon_access_control_list_denials_method,
  &carillon_access_control_delete_denial_method,
  &carillon_access_control_renew_certificate_method,
  &carillon_access_control_issue_certificate_method,
  &carillon_agents_list_agents_method,
  &carillon_agents_list_shards_method,
  &carillon_agents_get_status_method,
  &carillon_agents_drain_agent_method,
  &carillon_agents_resume_agent_method,
  &carillon_agents_stop_all_method,
  &carillon_agents_resume_all_method,
  &carillon_agents_diagnose_method,
  &carillon_agents_get_statistics_method,
  &carillon_agents_read_logs_method,
  &carillon_agents_reload_configuration_method,
  &carillon_audit_list_audit_records_method,
  &carillon_audit_verify_audit_method,
  &carillon_dead_letters_get_dead_letter_method,
  &carillon_dead_letters_list_dead_letters_method,
  &carillon_dead_letters_replay_dead_letter_method,
  &carillon_dead_letters_replay_dead_letters_method,
  &carillon_dead_letters_discard_dead_letter_method,
  &carillon_events_create_event_method,
  &carillon_events_get_event_method,
  &carillon_events_list_events_method,
  &carillon_events_cancel_event_method,
  &carillon_events_move_event_method,
  &carillon_events_move_events_method,
  &carillon_events_explain_event_method,
  &carillon_events_watch_receipts_method,
  &carillon_events_watch_changes_method,
  &carillon_events_verify_ledger_method,
  &carillon_health_check_method,
  &carillon_health_list_method,
  &carillon_health_watch_method,
  &carillon_plugins_get_plugin_method,
  &carillon_plugins_list_plugins_method,
  &carillon_plugins_watch_plugins_method,
  &carillon_queues_create_queue_method,
  &carillon_queues_get_queue_method,
  &carillon_queues_list_queues_method,
  &carillon_queues_update_queue_method,
  &carillon_queues_delete_queue_method,
  &carillon_queues_pause_queue_method,
  &carillon_queues_resume_queue_method,
  &carillon_queues_drain_queue_method,
  &carillon_queues_purge_queue_method,
  &carillon_queues_watch_queues_method,
  &carillon_schedules_create_schedule_method,
  &carillon_schedules_get_schedule_method,
  &carillon_schedules_list_schedules_method,
  &carillon_schedules_update_schedule_method,
  &carillon_schedules_delete_schedule_method,
  &carillon_schedules_list_upcoming_method,
  &carillon_schedules_preview_schedule_method,
  &carillon_schedules_skip_occurrence_method,
  &carillon_schedules_move_occurrence_method,
  &carillon_schedules_restore_occurrence_method,
  &carillon_schedules_run_schedule_method,
  &carillon_schedules_replan_schedules_method,
  &carillon_sinks_create_sink_method,
  &carillon_sinks_get_sink_method,
  &carillon_sinks_list_sinks_method,
  &carillon_sinks_update_sink_method,
  &carillon_sinks_delete_sink_method,
  &carillon_sinks_test_sink_method,
  &carillon_sinks_list_gone_endpoints_method,
  &carillon_sinks_enable_endpoint_method,
  &carillon_subscriptions_create_subscription_method,
  &carillon_subscriptions_get_subscription_method,
  &carillon_subscriptions_list_subscriptions_method,
  &carillon_subscriptions_update_subscription_method,
  &carillon_subscriptions_delete_subscription_method,
  &carillon_templates_create_template_method,
  &carillon_templates_get_template_method,
  &carillon_templates_list_templates_method,
  &carillon_templates_update_template_method,
  &carillon_templates_delete_template_method,
  &carillon_users_create_user_method,
  &carillon_users_get_user_method,
  &carillon_users_list_users_method,
  &carillon_users_update_user_method,
  &carillon_users_delete_user_method,
  &carillon_users_export_user_method,
  &carillon_users_erase_user_method,
  &carillon_users_import_users_method,
};

const carillon_method *const *carillon_methods(size_t *count)
{
  *count = sizeof methods / sizeof methods[0];
  return methods;
}
