/* DO NOT EDIT: made by generate.py. */
#include <carillon/services/agents.h>

#include "stream.h"

const carillon_method carillon_agents_list_agents_method = {"/carillon.v1.Agents/ListAgents",
    &carillon__v1__list_agents_request__descriptor, &carillon__v1__list_agents_response__descriptor, false, false};

carillon_code carillon_agents_list_agents(carillon_client *client,
    const Carillon__V1__ListAgentsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListAgentsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_list_agents_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListAgentsResponse *)message;
  return code;
}

const carillon_method carillon_agents_list_shards_method = {"/carillon.v1.Agents/ListShards",
    &carillon__v1__list_shards_request__descriptor, &carillon__v1__list_shards_response__descriptor, false, false};

carillon_code carillon_agents_list_shards(carillon_client *client,
    const Carillon__V1__ListShardsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListShardsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_list_shards_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ListShardsResponse *)message;
  return code;
}

const carillon_method carillon_agents_get_status_method = {"/carillon.v1.Agents/GetStatus",
    &carillon__v1__get_status_request__descriptor, &carillon__v1__agent_status__descriptor, false, false};

carillon_code carillon_agents_get_status(carillon_client *client,
    const Carillon__V1__GetStatusRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_get_status_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__AgentStatus *)message;
  return code;
}

const carillon_method carillon_agents_drain_agent_method = {"/carillon.v1.Agents/DrainAgent",
    &carillon__v1__drain_agent_request__descriptor, &carillon__v1__agent_status__descriptor, false, false};

carillon_code carillon_agents_drain_agent(carillon_client *client,
    const Carillon__V1__DrainAgentRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_drain_agent_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__AgentStatus *)message;
  return code;
}

const carillon_method carillon_agents_resume_agent_method = {"/carillon.v1.Agents/ResumeAgent",
    &carillon__v1__resume_agent_request__descriptor, &carillon__v1__agent_status__descriptor, false, false};

carillon_code carillon_agents_resume_agent(carillon_client *client,
    const Carillon__V1__ResumeAgentRequest *request, int64_t deadline_ms,
    Carillon__V1__AgentStatus **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_resume_agent_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__AgentStatus *)message;
  return code;
}

const carillon_method carillon_agents_stop_all_method = {"/carillon.v1.Agents/StopAll",
    &carillon__v1__stop_all_request__descriptor, &carillon__v1__agent_status__descriptor, false, false};

carillon_code carillon_agents_stop_all(carillon_client *client, const Carillon__V1__StopAllRequest *request,
    int64_t deadline_ms, Carillon__V1__AgentStatus **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_stop_all_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__AgentStatus *)message;
  return code;
}

const carillon_method carillon_agents_resume_all_method = {"/carillon.v1.Agents/ResumeAll",
    &carillon__v1__resume_all_request__descriptor, &carillon__v1__agent_status__descriptor, false, false};

carillon_code carillon_agents_resume_all(carillon_client *client,
    const Carillon__V1__ResumeAllRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_resume_all_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__AgentStatus *)message;
  return code;
}

const carillon_method carillon_agents_diagnose_method = {"/carillon.v1.Agents/Diagnose",
    &carillon__v1__diagnose_request__descriptor, &carillon__v1__diagnose_response__descriptor, false, false};

carillon_code carillon_agents_diagnose(carillon_client *client, const Carillon__V1__DiagnoseRequest *request,
    int64_t deadline_ms, Carillon__V1__DiagnoseResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_diagnose_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__DiagnoseResponse *)message;
  return code;
}

const carillon_method carillon_agents_get_statistics_method = {"/carillon.v1.Agents/GetStatistics",
    &carillon__v1__get_statistics_request__descriptor, &carillon__v1__statistics__descriptor, false, false};

carillon_code carillon_agents_get_statistics(carillon_client *client,
    const Carillon__V1__GetStatisticsRequest *request, int64_t deadline_ms,
    Carillon__V1__Statistics **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_get_statistics_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__Statistics *)message;
  return code;
}

const carillon_method carillon_agents_read_logs_method = {"/carillon.v1.Agents/ReadLogs",
    &carillon__v1__read_logs_request__descriptor, &carillon__v1__read_logs_response__descriptor, false, true};

carillon_code carillon_agents_read_logs(carillon_client *client, const Carillon__V1__ReadLogsRequest *request,
    carillon_stream **stream, carillon_failure **failure)
{
  return carillon_stream_open(client, &carillon_agents_read_logs_method,
      (const ProtobufCMessage *)request, stream, failure);
}

carillon_next carillon_agents_read_logs_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ReadLogsResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_next next = carillon_stream_next_of(stream, &carillon_agents_read_logs_method,
      timeout_ms, &message, failure);
  *response = (Carillon__V1__ReadLogsResponse *)message;
  return next;
}

const carillon_method carillon_agents_reload_configuration_method = {"/carillon.v1.Agents/ReloadConfiguration",
    &carillon__v1__reload_configuration_request__descriptor, &carillon__v1__reload_configuration_response__descriptor, false, false};

carillon_code carillon_agents_reload_configuration(carillon_client *client,
    const Carillon__V1__ReloadConfigurationRequest *request, int64_t deadline_ms,
    Carillon__V1__ReloadConfigurationResponse **response, carillon_failure **failure)
{
  ProtobufCMessage *message = NULL;
  carillon_code code = carillon_call(client, &carillon_agents_reload_configuration_method,
      (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);
  if (response != NULL) *response = (Carillon__V1__ReloadConfigurationResponse *)message;
  return code;
}
