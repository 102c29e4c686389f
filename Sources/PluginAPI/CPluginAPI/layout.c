/* Golden sizes and offsets of the ABI on 64-bit platforms. A change here breaks plugins that were
 * compiled before it: grow a structure at its end, or make a new interface id. */
#include <carillon/carillon.h>

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved")
#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " changed size")

_Static_assert(sizeof(void *) == 8, "Carillon's plugin ABI is defined for 64-bit platforms");

SIZE(carillon_str, 16);
AT(carillon_str, ptr, 0);
AT(carillon_str, len, 8);

SIZE(carillon_civil, 12);
AT(carillon_civil, year, 0);
AT(carillon_civil, month, 4);
AT(carillon_civil, day, 5);
AT(carillon_civil, hour, 6);
AT(carillon_civil, minute, 7);
AT(carillon_civil, second, 8);
AT(carillon_civil, fold, 9);
AT(carillon_civil, reserved, 10);

SIZE(carillon_cursor, 56);
AT(carillon_cursor, struct_size, 0);
AT(carillon_cursor, flags, 4);
AT(carillon_cursor, civil, 8);
AT(carillon_cursor, reserved, 20);
AT(carillon_cursor, instant_ns, 24);
AT(carillon_cursor, ordinal, 32);
AT(carillon_cursor, key, 40);

SIZE(carillon_next_request, 64);
AT(carillon_next_request, struct_size, 0);
AT(carillon_next_request, max, 4);
AT(carillon_next_request, definition_json, 8);
AT(carillon_next_request, user_json, 24);
AT(carillon_next_request, time_zone, 40);
AT(carillon_next_request, after, 56);

SIZE(carillon_occurrence, 56);
AT(carillon_occurrence, struct_size, 0);
AT(carillon_occurrence, kind, 4);
AT(carillon_occurrence, civil, 8);
AT(carillon_occurrence, flags, 20);
AT(carillon_occurrence, instant_ns, 24);
AT(carillon_occurrence, ordinal, 32);
AT(carillon_occurrence, key, 40);

SIZE(carillon_event, 208);
AT(carillon_event, struct_size, 0);
AT(carillon_event, flags, 4);
AT(carillon_event, id, 8);
AT(carillon_event, namespace_, 24);
AT(carillon_event, type, 40);
AT(carillon_event, schedule_id, 56);
AT(carillon_event, occurrence_key, 72);
AT(carillon_event, time_zone, 88);
AT(carillon_event, locale, 104);
AT(carillon_event, user_json, 120);
AT(carillon_event, definition_json, 136);
AT(carillon_event, data_json, 152);
AT(carillon_event, local, 168);
AT(carillon_event, reserved, 180);
AT(carillon_event, due_ns, 184);
AT(carillon_event, templates_json, 192);

SIZE(carillon_message, 88);
AT(carillon_message, struct_size, 0);
AT(carillon_message, flags, 4);
AT(carillon_message, title, 8);
AT(carillon_message, text, 24);
AT(carillon_message, html, 40);
AT(carillon_message, content_type, 56);
AT(carillon_message, data, 72);

SIZE(carillon_event_type_1, 48);
AT(carillon_event_type_1, struct_size, 0);
AT(carillon_event_type_1, thread_model, 4);
AT(carillon_event_type_1, create, 8);
AT(carillon_event_type_1, validate, 16);
AT(carillon_event_type_1, next, 24);
AT(carillon_event_type_1, render, 32);
AT(carillon_event_type_1, destroy, 40);

SIZE(carillon_host, 40);
AT(carillon_host, struct_size, 0);
AT(carillon_host, abi_minor, 4);
AT(carillon_host, context, 8);
AT(carillon_host, interface, 16);
AT(carillon_host, fail, 24);
AT(carillon_host, violation, 32);

SIZE(carillon_delivery, 104);
AT(carillon_delivery, struct_size, 0);
AT(carillon_delivery, attempt, 4);
AT(carillon_delivery, ticket, 8);
AT(carillon_delivery, idempotency_key, 16);
AT(carillon_delivery, endpoint, 32);
AT(carillon_delivery, carry, 48);
AT(carillon_delivery, deadline_ns, 64);
AT(carillon_delivery, first_attempt_ns, 72);
AT(carillon_delivery, late_ns, 80);
AT(carillon_delivery, event, 88);
AT(carillon_delivery, message, 96);

SIZE(carillon_result, 80);
AT(carillon_result, struct_size, 0);
AT(carillon_result, outcome, 4);
AT(carillon_result, retry_after_ms, 8);
AT(carillon_result, code, 16);
AT(carillon_result, detail, 32);
AT(carillon_result, receipt, 48);
AT(carillon_result, carry, 64);

SIZE(carillon_sink_1, 64);
AT(carillon_sink_1, struct_size, 0);
AT(carillon_sink_1, thread_model, 4);
AT(carillon_sink_1, create, 8);
AT(carillon_sink_1, activate, 16);
AT(carillon_sink_1, deliver, 24);
AT(carillon_sink_1, cancel, 32);
AT(carillon_sink_1, drain, 40);
AT(carillon_sink_1, deactivate, 48);
AT(carillon_sink_1, destroy, 56);

SIZE(carillon_host_delivery_1, 24);
AT(carillon_host_delivery_1, struct_size, 0);
AT(carillon_host_delivery_1, reserved, 4);
AT(carillon_host_delivery_1, context, 8);
AT(carillon_host_delivery_1, complete, 16);

SIZE(carillon_json, 32);
AT(carillon_json, struct_size, 0);
AT(carillon_json, kind, 4);
AT(carillon_json, integer, 8);
AT(carillon_json, number, 16);
AT(carillon_json, count, 24);

SIZE(carillon_host_json_1, 48);
AT(carillon_host_json_1, struct_size, 0);
AT(carillon_host_json_1, reserved, 4);
AT(carillon_host_json_1, context, 8);
AT(carillon_host_json_1, get, 16);
AT(carillon_host_json_1, text, 24);
AT(carillon_host_json_1, name, 32);
AT(carillon_host_json_1, quote, 40);

SIZE(carillon_host_log_1, 32);
AT(carillon_host_log_1, struct_size, 0);
AT(carillon_host_log_1, reserved, 4);
AT(carillon_host_log_1, context, 8);
AT(carillon_host_log_1, enabled, 16);
AT(carillon_host_log_1, write, 24);

SIZE(carillon_metric_definition, 72);
AT(carillon_metric_definition, struct_size, 0);
AT(carillon_metric_definition, kind, 4);
AT(carillon_metric_definition, name, 8);
AT(carillon_metric_definition, help, 24);
AT(carillon_metric_definition, labels, 40);
AT(carillon_metric_definition, label_count, 48);
AT(carillon_metric_definition, bounds, 56);
AT(carillon_metric_definition, bound_count, 64);

SIZE(carillon_host_metrics_1, 48);
AT(carillon_host_metrics_1, struct_size, 0);
AT(carillon_host_metrics_1, reserved, 4);
AT(carillon_host_metrics_1, context, 8);
AT(carillon_host_metrics_1, define, 16);
AT(carillon_host_metrics_1, add, 24);
AT(carillon_host_metrics_1, set, 32);
AT(carillon_host_metrics_1, observe, 40);

SIZE(carillon_host_secret_1, 24);
AT(carillon_host_secret_1, struct_size, 0);
AT(carillon_host_secret_1, reserved, 4);
AT(carillon_host_secret_1, context, 8);
AT(carillon_host_secret_1, resolve, 16);

SIZE(carillon_host_time_1, 32);
AT(carillon_host_time_1, struct_size, 0);
AT(carillon_host_time_1, reserved, 4);
AT(carillon_host_time_1, context, 8);
AT(carillon_host_time_1, instant, 16);
AT(carillon_host_time_1, civil, 24);

SIZE(carillon_plugin, 48);
AT(carillon_plugin, struct_size, 0);
AT(carillon_plugin, abi_major, 4);
AT(carillon_plugin, abi_minor, 8);
AT(carillon_plugin, flags, 12);
AT(carillon_plugin, manifest_json, 16);
AT(carillon_plugin, start, 24);
AT(carillon_plugin, stop, 32);
AT(carillon_plugin, interface, 40);
