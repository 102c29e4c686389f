/* Its table has no render. */
#define OWN_TABLE
#include <carillon/carillon.h>
static carillon_event_type_1 table;
#define AT_START table = (carillon_event_type_1){sizeof table, CARILLON_SERIAL, create, validate, next, NULL, destroy}; (void)render;
#include "event_type.h"
