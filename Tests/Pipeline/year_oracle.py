"""When each occasion and reminder of a list is due, by Python's own calendar, zoneinfo and dateutil.

Reads lines of `id, event type, zone, the user's date, definition (JSON)`, tabs between, after a first line `from until`
(Unix seconds), and prints `id key seconds` for each occurrence in between. Independent of the code under test: no line
of it is shared.
"""

import json
import sys
from calendar import isleap
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

# A lead may be a year.
MARGIN = timedelta(days=400)


def seconds(local, zone):
    # fold=0: the first of two equal times; in a gap, the offset from before it.
    return int(local.replace(tzinfo=zone).timestamp())


def occasions(kind, zone, date, definition, first, last):
    year, month, day = (None, *map(int, date[2:].split("-"))) if date.startswith("--") else map(int, date.split("-"))
    leads = definition["lead_days"]
    leads = leads if isinstance(leads, list) else [leads]
    hour, minute = map(int, definition["at"].split(":"))
    milestones = definition.get("milestones")
    for celebrated in range(first - 1, last + 3):
        if year is not None and celebrated <= year:
            continue
        if isinstance(milestones, dict) and (celebrated - year) % milestones["every"]:
            continue
        if isinstance(milestones, list) and celebrated - year not in milestones:
            continue
        on = (month, day)
        if on == (2, 29) and not isleap(celebrated):
            on = {"feb-28": (2, 28), "mar-1": (3, 1)}.get(definition["feb29"])
        if on is None:
            continue
        day_of = datetime(celebrated, *on, hour, minute)
        for lead in leads:
            local = day_of - timedelta(days=lead)
            # No lead reaches back to the day that it is all about.
            if year is not None and local.date() <= datetime(year, month, day).date():
                continue
            yield day_of.strftime("%Y-%m-%d") + (f"-{lead}d" if lead else ""), local, lead


def nearest(found):
    """Of two occasions at one time, the nearer one."""
    best = {}
    for key, local, lead in found:
        if local not in best or lead < best[local][1]:
            best[local] = (key, lead)
    return [(key, local) for local, (key, _) in best.items()]


def reminders(zone, definition, until):
    start = datetime.fromisoformat(definition["start"])
    lead = definition.get("lead_minutes", 0)
    suffix = "" if lead == 0 else f"-{lead}m" if lead > 0 else f"+{-lead}m"
    excluded = set(definition.get("exdate", []))
    horizon = datetime.fromtimestamp(until, timezone.utc) + MARGIN
    if definition["repeat"].startswith(("FREQ=HOURLY", "FREQ=MINUTELY")):
        aware = datetime.fromtimestamp(seconds(start, zone), timezone.utc)
        # RFC 5545 section 3.3.10: an hour keeps the minute of the start, which a zone that changes by half an hour moves.
        is_hourly = definition["repeat"].startswith("FREQ=HOURLY")
        minute = aware.astimezone(zone).minute if is_hourly else 0
        unit = aware - timedelta(minutes=minute)
        for at in rrulestr(definition["repeat"], dtstart=unit).xafter(unit, inc=True):
            if is_hourly:
                at += timedelta(minutes=(minute - at.astimezone(zone).minute) % 60)
            if at > horizon:
                break
            if at.astimezone(zone).strftime("%Y-%m-%d") not in excluded:
                yield at.strftime("%Y-%m-%dT%H:%M:%SZ") + suffix, int(at.timestamp()) - lead * 60
    else:
        for at in rrulestr(definition["repeat"], dtstart=start).xafter(start, inc=True):
            if at > horizon.replace(tzinfo=None):
                break
            if at.strftime("%Y-%m-%d") not in excluded:
                yield at.strftime("%Y-%m-%dT%H:%M") + suffix, seconds(at - timedelta(minutes=lead), zone)
    for text in definition.get("rdate", []):
        if text.endswith("Z"):
            at = datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=timezone.utc)
            yield at.strftime("%Y-%m-%dT%H:%M:%SZ") + suffix, int(at.timestamp()) - lead * 60
        else:
            at = datetime.fromisoformat(text)
            yield at.strftime("%Y-%m-%dT%H:%M") + suffix, seconds(at - timedelta(minutes=lead), zone)


def main():
    lines = sys.stdin.read().splitlines()
    start, end = map(int, lines[0].split())
    first = datetime.fromtimestamp(start, timezone.utc).year
    last = datetime.fromtimestamp(end, timezone.utc).year
    for line in lines[1:]:
        name, kind, zone, date, text = line.split("\t")
        zone, definition = ZoneInfo(zone), json.loads(text)
        if kind == "reminder":
            due = reminders(zone, definition, end)
        else:
            found = nearest(occasions(kind, zone, date, definition, first, last))
            due = [(key, seconds(local, zone)) for key, local in found]
        for key, at in due:
            if start <= at < end:
                print(name, key, at)


main()
