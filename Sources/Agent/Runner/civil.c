#include "civil.h"

carillon_civil civil_read(const Civil *civil) {
  if (civil == NULL) return (carillon_civil){0};
  return (carillon_civil){.year = civil->year,
                          .month = (uint8_t)civil->month,
                          .day = (uint8_t)civil->day,
                          .hour = (uint8_t)civil->hour,
                          .minute = (uint8_t)civil->minute,
                          .second = (uint8_t)civil->second,
                          .fold = (uint8_t)civil->fold};
}

Civil *civil_message(const carillon_civil *civil, arena *arena) {
  Civil *message = arena_need(arena, sizeof *message);
  carillon__runner__v1__civil__init(message);
  message->year = civil->year;
  message->month = civil->month;
  message->day = civil->day;
  message->hour = civil->hour;
  message->minute = civil->minute;
  message->second = civil->second;
  message->fold = civil->fold;
  return message;
}
