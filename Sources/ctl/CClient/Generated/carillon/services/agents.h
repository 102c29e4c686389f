/* DO NOT EDIT: made by generate.py. */
#ifndef CARILLON_SERVICES_AGENTS_H
#define CARILLON_SERVICES_AGENTS_H

#include <carillon/client.h>
#include <carillon/v1/agents.pb-c.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The agents of a store, and the state of the one that answers. */

extern const carillon_method carillon_agents_list_agents_method;
carillon_code carillon_agents_list_agents(carillon_client *client,
    const Carillon__V1__ListAgentsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListAgentsResponse **response, carillon_failure **failure);

/* Every shard that has open buckets, by zone group and slot: its load, and which agents hold it. */
extern const carillon_method carillon_agents_list_shards_method;
carillon_code carillon_agents_list_shards(carillon_client *client,
    const Carillon__V1__ListShardsRequest *request, int64_t deadline_ms,
    Carillon__V1__ListShardsResponse **response, carillon_failure **failure);

/* The state of the agent that answers. */
extern const carillon_method carillon_agents_get_status_method;
carillon_code carillon_agents_get_status(carillon_client *client,
    const Carillon__V1__GetStatusRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure);

/* Stop claiming, finish what is in flight within the time, give back the rest. The agent stays up and answers;
 * it claims again after ResumeAgent. */
extern const carillon_method carillon_agents_drain_agent_method;
carillon_code carillon_agents_drain_agent(carillon_client *client,
    const Carillon__V1__DrainAgentRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure);

extern const carillon_method carillon_agents_resume_agent_method;
carillon_code carillon_agents_resume_agent(carillon_client *client,
    const Carillon__V1__ResumeAgentRequest *request, int64_t deadline_ms,
    Carillon__V1__AgentStatus **response, carillon_failure **failure);

/* Every agent of the store starts nothing more, within 2 s; this one has stopped when it answers. Durable: it
 * holds over restarts, until ResumeAll. Planning and expiry go on; paused queues stay as they are. */
extern const carillon_method carillon_agents_stop_all_method;
carillon_code carillon_agents_stop_all(carillon_client *client, const Carillon__V1__StopAllRequest *request,
    int64_t deadline_ms, Carillon__V1__AgentStatus **response, carillon_failure **failure);

extern const carillon_method carillon_agents_resume_all_method;
carillon_code carillon_agents_resume_all(carillon_client *client,
    const Carillon__V1__ResumeAllRequest *request, int64_t deadline_ms, Carillon__V1__AgentStatus **response,
    carillon_failure **failure);

/* Looks at the agent that answers, at the others and at the store, and says what it found and what to do about
 * it. Changes nothing; takes up to some seconds. */
extern const carillon_method carillon_agents_diagnose_method;
carillon_code carillon_agents_diagnose(carillon_client *client, const Carillon__V1__DiagnoseRequest *request,
    int64_t deadline_ms, Carillon__V1__DiagnoseResponse **response, carillon_failure **failure);

/* What was sent, how it ended and how late, by queue and sink, over a time; out of the ledger. */
extern const carillon_method carillon_agents_get_statistics_method;
carillon_code carillon_agents_get_statistics(carillon_client *client,
    const Carillon__V1__GetStatisticsRequest *request, int64_t deadline_ms,
    Carillon__V1__Statistics **response, carillon_failure **failure);

/* What the agent that answers wrote to its log since its start, as far as it is kept, and with follow what it
 * writes. */
extern const carillon_method carillon_agents_read_logs_method;
carillon_code carillon_agents_read_logs(carillon_client *client, const Carillon__V1__ReadLogsRequest *request,
    carillon_stream **stream, carillon_failure **failure);
carillon_next carillon_agents_read_logs_next(carillon_stream *stream, int64_t timeout_ms,
    Carillon__V1__ReadLogsResponse **response, carillon_failure **failure);

/* Reads the configuration file and all secrets again, as SIGHUP does: all of it counts, or nothing.
 * INVALID_ARGUMENT says what is wrong; the old one goes on. */
extern const carillon_method carillon_agents_reload_configuration_method;
carillon_code carillon_agents_reload_configuration(carillon_client *client,
    const Carillon__V1__ReloadConfigurationRequest *request, int64_t deadline_ms,
    Carillon__V1__ReloadConfigurationResponse **response, carillon_failure **failure);

#ifdef __cplusplus
}
#endif
#endif
