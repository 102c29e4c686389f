/* Golden sizes and offsets of the ABI on 64-bit platforms. A change here breaks plugins that were
 * compiled before it: grow a structure at its end, or make a new interface id. */
#include <carillon/carillon.h>

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved")
#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " changed size")

_Static_assert(sizeof(void *) == 8, "Carillon's plugin ABI is defined for 64-bit platforms");

SIZE(carillon_str, 16);
SIZE(carillon_civil, 12);
AT(carillon_civil, month, 4);
AT(carillon_civil, fold, 9);

SIZE(carillon_host, 40);
AT(carillon_host, context, 8);
AT(carillon_host, interface, 16);
AT(carillon_host, fail, 24);
AT(carillon_host, violation, 32);

SIZE(carillon_plugin, 48);
AT(carillon_plugin, abi_major, 4);
AT(carillon_plugin, manifest_json, 16);
AT(carillon_plugin, start, 24);
AT(carillon_plugin, interface, 40);

SIZE(carillon_cursor, 56);
AT(carillon_cursor, civil, 8);
AT(carillon_cursor, instant_ns, 24);
AT(carillon_cursor, ordinal, 32);
AT(carillon_cursor, key, 40);

SIZE(carillon_next_request, 64);
AT(carillon_next_request, definition_json, 8);
AT(carillon_next_request, after, 56);

SIZE(carillon_occurrence, 56);
AT(carillon_occurrence, civil, 8);
AT(carillon_occurrence, flags, 20);
AT(carillon_occurrence, instant_ns, 24);
AT(carillon_occurrence, key, 40);

SIZE(carillon_event, 208);
AT(carillon_event, id, 8);
AT(carillon_event, user_json, 120);
AT(carillon_event, local, 168);
AT(carillon_event, due_ns, 184);
AT(carillon_event, templates_json, 192);

SIZE(carillon_message, 88);
AT(carillon_message, data, 72);

SIZE(carillon_event_type_1, 48);
AT(carillon_event_type_1, next, 24);
AT(carillon_event_type_1, destroy, 40);

SIZE(carillon_delivery, 104);
AT(carillon_delivery, ticket, 8);
AT(carillon_delivery, carry, 48);
AT(carillon_delivery, deadline_ns, 64);
AT(carillon_delivery, event, 88);

SIZE(carillon_result, 80);
AT(carillon_result, retry_after_ms, 8);
AT(carillon_result, carry, 64);

SIZE(carillon_sink_1, 64);
AT(carillon_sink_1, deliver, 24);
AT(carillon_sink_1, destroy, 56);

SIZE(carillon_host_delivery_1, 24);
SIZE(carillon_host_log_1, 32);
SIZE(carillon_host_time_1, 32);
SIZE(carillon_host_secret_1, 24);

SIZE(carillon_json, 32);
AT(carillon_json, integer, 8);
AT(carillon_json, number, 16);
AT(carillon_json, count, 24);
SIZE(carillon_host_json_1, 48);
AT(carillon_host_json_1, get, 16);
AT(carillon_host_json_1, quote, 40);
