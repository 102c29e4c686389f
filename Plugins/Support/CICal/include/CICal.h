/* libical for Swift: which days of one month, or of one year, the BY parts of an RFC 5545 rule name.
 *
 * libical steps from period to period by itself, and on a rule whose day never comes it does so for
 * seconds. Here it is only ever asked about one period: the interval is so long, and such a multiple of
 * the calendar's 400 years, that it finds the next period equal to this one, or ends. The caller walks
 * the periods. Nothing here keeps state between calls; calls must not overlap. */
#ifndef CICAL_H
#define CICAL_H

#include <stdbool.h>
#include <stdint.h>

/* Call once before the others. libical then reports errors instead of ending the process. */
void cical_prepare(void);

/* The days of the month `month` of `year` that `parts` names, as bits: bit 0 is the first. `parts` are
 * BY parts of a monthly rule, such as "BYDAY=-1FR" or "BYMONTHDAY=13;BYDAY=FR". False when libical does
 * not take them. */
bool cical_month_days(const char *parts, int year, int month, uint32_t *days);

/* The days of `year` that `parts` names, as bits: bit 0 of the first word is 1 January. `parts` are BY
 * parts of a yearly rule, such as "BYYEARDAY=-1" or "BYDAY=20MO". False when libical does not take them. */
bool cical_year_days(const char *parts, int year, uint64_t days[6]);

#endif
