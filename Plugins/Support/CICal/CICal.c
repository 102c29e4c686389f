#include "CICal.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2,400 years in months, and 20,000 in years: multiples of 400 years, after which the calendar's weekdays
 * and leap years come again, and within the `short` that libical keeps an interval in. */
#define MONTHS_APART 28800
#define YEARS_APART 20000
#define LONGEST_RULE 4096

void cical_prepare(void) {
  icalerror_set_errors_are_fatal(0);
  /* Made at first use, without a lock. */
  (void)icaltimezone_get_utc_timezone();
}

/* A time in UTC rather than a floating one: for the latter, libical 3.0 hands ICU a zone name that is no
 * UTF-16 text, and reads beyond its end. */
static struct icaltimetype first_day(int year, int month) {
  struct icaltimetype time = icaltime_null_time();
  time.year = year;
  time.month = month;
  time.day = 1;
  time.is_date = 1;
  time.zone = icaltimezone_get_utc_timezone();
  return time;
}

/* Calls `take` with the day of the year (from 0) of each day of the period that begins with `start`. */
static bool each_day(const char *text, struct icaltimetype start, int most, void (*take)(void *, struct icaltimetype),
                     void *context) {
  struct icalrecurrencetype rule = icalrecurrencetype_from_string(text);
  if (rule.freq == ICAL_NO_RECURRENCE) return false;
  icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
  /* No iterator: an error, or no day in this period. The caller has checked the parts. */
  bool is_taken = iterator != NULL || icalerrno == ICAL_MALFORMEDDATA_ERROR;
  for (int count = 0; iterator != NULL && count < most; count++) {
    struct icaltimetype day = icalrecur_iterator_next(iterator);
    if (icaltime_is_null_time(day) || day.year != start.year) break;
    take(context, day);
  }
  if (iterator != NULL) icalrecur_iterator_free(iterator);
  free(rule.rscale);
  return is_taken;
}

struct month {
  int number;
  uint32_t *days;
};

static void take_month_day(void *context, struct icaltimetype day) {
  struct month *month = context;
  if (day.month == month->number && day.day >= 1 && day.day <= 31) *month->days |= UINT32_C(1) << (day.day - 1);
}

static void take_year_day(void *context, struct icaltimetype day) {
  uint64_t *days = context;
  int index = icaltime_day_of_year(day) - 1;
  if (index >= 0 && index < 366) days[index / 64] |= UINT64_C(1) << (index % 64);
}

bool cical_month_days(const char *parts, int year, int month, uint32_t *days) {
  char text[LONGEST_RULE];
  int length = snprintf(text, sizeof text, "FREQ=MONTHLY;INTERVAL=%d;%s", MONTHS_APART, parts);
  *days = 0;
  if (length < 0 || (size_t)length >= sizeof text) return false;
  struct month collected = {month, days};
  return each_day(text, first_day(year, month), 31, take_month_day, &collected);
}

bool cical_year_days(const char *parts, int year, uint64_t days[6]) {
  char text[LONGEST_RULE];
  int length = snprintf(text, sizeof text, "FREQ=YEARLY;INTERVAL=%d;%s", YEARS_APART, parts);
  memset(days, 0, 6 * sizeof *days);
  if (length < 0 || (size_t)length >= sizeof text) return false;
  return each_day(text, first_day(year, 1), 366, take_year_day, days);
}
