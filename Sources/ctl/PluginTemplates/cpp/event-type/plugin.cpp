// __NAME__: an event type in C++. It rings every so many days, from a day on:
//
//   {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
//
// It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
// they may overlap, and the same question always has the same answer.
#include "host.hpp"
#include <array>
#include <cstdio>
#include <cstring>

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

namespace {

constexpr std::int32_t year_most = 9999;
constexpr int every_most = 3660;

// ---- Days: the Gregorian calendar, numbered from 0000-03-01, so that a leap day is a year's last. ----

int days_in(std::int32_t year, int month) {
  static constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

std::int32_t day_number(std::int32_t year, int month, int day) {
  const std::int32_t y = month > 2 ? year : year - 1;
  const std::int32_t m = month > 2 ? month - 3 : month + 9;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

std::int32_t day_number(const carillon_civil &civil) { return day_number(civil.year, civil.month, civil.day); }

carillon_civil civil_of(std::int32_t number) {
  const std::int32_t era = number / 146097, in_era = number % 146097;
  const std::int32_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  const std::int32_t in_year = in_era - (365 * y + y / 4 - y / 100);
  const std::int32_t m = (5 * in_year + 2) / 153;
  carillon_civil civil{};
  civil.month = static_cast<std::uint8_t>(m < 10 ? m + 3 : m - 9);
  civil.day = static_cast<std::uint8_t>(in_year - (153 * m + 2) / 5 + 1);
  civil.year = era * 400 + y + (civil.month <= 2 ? 1 : 0);
  return civil;
}

std::int32_t second_of_day(const carillon_civil &civil) {
  return (civil.hour * 60 + civil.minute) * 60 + civil.second;
}

// ---- The definition. The host has checked it against the schema already. ----

struct Definition {
  std::string title;
  std::int32_t first;  // number of the first day
  std::int32_t every;
  int hour, minute;

  explicit Definition(carillon_str text) {
    const host::Document document(text);
    title = document.text("/title").value_or("");
    first = read_day(document.text("/from").value_or(""));
    const double days = document.number("/every").value_or(0);
    if (!(days >= 1 && days <= every_most)) throw host::Violation("/every", "range", "must be 1 to 3660");
    every = static_cast<std::int32_t>(days);
    const std::string at = document.text("/at").value_or("09:00");
    const bool is_time = std::sscanf(at.c_str(), "%2d:%2d", &hour, &minute) == 2;
    if (!is_time || hour < 0 || hour > 23 || minute < 0 || minute > 59)
      throw host::Violation("/at", "time", "is no time of day");
  }

  // The number of the first ring's day that comes after the cursor; a start counts itself.
  std::int32_t first_after(const carillon_cursor &after) const {
    const std::int32_t day = day_number(after.civil);
    if (day < first) return first;
    if (const std::int32_t rest = (day - first) % every) return day + every - rest;
    const std::int32_t ring = (hour * 60 + minute) * 60, now = second_of_day(after.civil);
    // Of two equal local times, when clocks go back, the ring is the first.
    const bool is_start = (after.flags & CARILLON_CURSOR_START) != 0 && after.civil.fold == 0;
    return ring > now || (ring == now && is_start) ? day : day + every;
  }

  // The number of a day in the series, from 1.
  int number_of(std::int32_t day) const { return day < first ? 1 : (day - first) / every + 1; }

 private:
  static std::int32_t read_day(const std::string &text) {
    int year = 0, month = 0, day = 0;
    const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &day);
    const bool is_day = fields == 3 && year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
    if (!is_day) throw host::Violation("/from", "date", "is no day of the calendar");
    return day_number(year, month, day);
  }
};

// ---- When. ----

// False once the host wants no more.
bool emit_after(const carillon_next_request &request, std::size_t index, carillon_emit_occurrence emit, void *context) {
  const Definition definition(request.definition_json);
  std::int32_t day = definition.first_after(*request.after);
  for (std::uint32_t i = 0; i < request.max; i++, day += definition.every) {
    carillon_occurrence one{};
    one.struct_size = sizeof one;
    one.kind = CARILLON_OCCURRENCE_CIVIL;
    one.civil = civil_of(day);
    if (one.civil.year > year_most) break;  // the series has ended
    one.civil.hour = static_cast<std::uint8_t>(definition.hour);
    one.civil.minute = static_cast<std::uint8_t>(definition.minute);
    one.ordinal = request.after->ordinal + i + 1;
    std::array<char, 32> key{};  // the day: the same though the hour or the zone changes
    std::snprintf(key.data(), key.size(), "%04d-%02d-%02d", one.civil.year, one.civil.month, one.civil.day);
    one.key = host::borrow(key.data());
    if (emit(context, index, &one) != CARILLON_OK) return false;
  }
  return true;
}

carillon_status next(carillon_instance *, const carillon_next_request *const *requests, std::size_t count,
                     carillon_emit_occurrence emit, void *context, carillon_error *error) {
  return host::guarded(error, [&] {
    for (std::size_t i = 0; i < count; i++)
      if (!emit_after(*requests[i], i, emit, context)) return;
  });
}

// ---- What it says. ----

carillon_status render(carillon_instance *, const carillon_event *const *events, std::size_t count,
                       carillon_emit_message emit, void *context, carillon_error *error) {
  return host::guarded(error, [&] {
    for (std::size_t i = 0; i < count; i++) {
      const Definition definition(events[i]->definition_json);
      const std::string number = std::to_string(definition.number_of(day_number(events[i]->local)));
      const std::string text = definition.title + " (no. " + number + ")";
      const std::string data = "{\"number\":" + number + "}";
      carillon_message message{};
      message.struct_size = sizeof message;
      message.title = host::borrow(definition.title);
      message.text = host::borrow(text);
      message.content_type = host::borrow("application/json");
      message.data = host::borrow(data);
      if (emit(context, i, &message) != CARILLON_OK) return;
    }
  });
}

// ---- The rest of the interface. ----

carillon_status create(carillon_str, carillon_str, carillon_instance **instance, carillon_error *) {
  static char nothing;  // there is nothing to keep, but NULL would be no instance
  *instance = reinterpret_cast<carillon_instance *>(&nothing);
  return CARILLON_OK;
}

carillon_status validate(carillon_instance *, carillon_str document, carillon_error *error) {
  return host::guarded(error, [&] { Definition{document}; });
}

void destroy(carillon_instance *) {}

const carillon_event_type_1 event_type_table = {
    sizeof(carillon_event_type_1), CARILLON_PARALLEL, create, validate, next, render, destroy};

// ---- The entry. ----

void stop() {}

const void *interface(const char *id) {
  return std::strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type_table : nullptr;
}

const carillon_plugin plugin = {
    sizeof(carillon_plugin), CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, host::start, stop, interface};

}  // namespace

extern "C" const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
