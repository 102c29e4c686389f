"""Reads a calendar with the icalendar package, and reminders as `ctl` makes them of it; prints when each rings.

Standard input: {"file": path, "reminders": [{"title", "definition", "zone"}]}. Standard output: a JSON object with
"calendar" and "reminders", each {title: [instants]}, from FIRST to LAST. Both sides are computed with dateutil; what is
compared is what the two readers understood. Times without a zone count as UTC.
"""

import json
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar

FIRST, LAST = datetime(2026, 6, 1), datetime(2028, 1, 1)
AT = timedelta(hours=9)


def naive(value):
    """A local time, and the zone it is in."""
    if isinstance(value, tuple):
        value = value[0]
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day), None
    return value.replace(tzinfo=None), value.tzinfo


def dates(component, name):
    found = component.get(name, [])
    return [entry.dt for part in (found if isinstance(found, list) else [found]) for entry in part.dts]


def beside(value, start, zone, is_day):
    """A date or a time as the series counts it."""
    local, own = naive(value)
    if is_day or isinstance(value, datetime) is False and not isinstance(value, tuple):
        return datetime.combine(local.date(), start.time())
    if own is not None and zone is not None and own != zone:
        return local.replace(tzinfo=own).astimezone(zone).replace(tzinfo=None)
    return local


def rule_text(rule, zone, is_day):
    parts = []
    for part in rule.to_ical().decode().split(";"):
        key, value = part.split("=", 1)
        if key == "UNTIL" and is_day:
            value = value[:8]
        elif key == "UNTIL" and value.endswith("Z"):
            until = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
            value = until.astimezone(zone or timezone.utc).strftime("%Y%m%dT%H%M%S")
        parts.append(f"{key}={value}")
    return ";".join(parts)


def alarms(component, start, is_day):
    """What an alarm adds to a start, or the instant at which it rings."""
    found = []
    for alarm in component.walk("VALARM"):
        if str(alarm.get("ACTION", "")) == "NONE" or "X-APPLE-PROXIMITY" in alarm:
            continue
        trigger = alarm["TRIGGER"]
        if isinstance(trigger.dt, datetime):
            found.append(trigger.dt)
            continue
        base = timedelta()
        if trigger.params.get("RELATED") == "END":
            end = component.get("DTEND") or component.get("DUE")
            base = naive(end.dt)[0] - start
        found.append(base + trigger.dt)
    return list(dict.fromkeys(found)) or [AT if is_day else timedelta()]


def of_calendar(path):
    with open(path, "rb") as file:
        # The package takes no path before a zone's name, as old Mozilla calendars have it.
        calendar = Calendar.from_ical(file.read().replace(b"/mozilla.org/20050126_1/", b""))
    components = [c for c in calendar.walk() if c.name in ("VEVENT", "VTODO")]
    changed = {}
    for component in components:
        if "RECURRENCE-ID" in component and "RANGE" not in component["RECURRENCE-ID"].params:
            changed.setdefault(str(component["UID"]), []).append(component["RECURRENCE-ID"].dt)
    rings = {}
    for component in components:
        if str(component.get("STATUS", "")) in ("CANCELLED", "COMPLETED"):
            continue
        if "RECURRENCE-ID" in component and "RANGE" in component["RECURRENCE-ID"].params:
            continue
        repeated = "RRULE" in component or "RDATE" in component
        anchor = component.get("DTSTART") if repeated or component.name == "VEVENT" else component.get("DUE")
        anchor = anchor or component.get("DTSTART") or component.get("DUE")
        if anchor is None:
            continue
        is_day = not isinstance(anchor.dt, datetime)
        start, zone = naive(anchor.dt)
        series = rruleset()
        if "RRULE" in component:
            rule = component["RRULE"]
            assert not isinstance(rule, list)
            series.rrule(rrulestr(rule_text(rule, zone, is_day), dtstart=start))
        else:
            series.rdate(start)
        for value in dates(component, "RDATE"):
            series.rdate(beside(value, start, zone, is_day))
        excluded = dates(component, "EXDATE")
        if repeated and "RECURRENCE-ID" not in component:
            excluded += changed.get(str(component["UID"]), [])
        for value in excluded:
            series.exdate(beside(value, start, zone, is_day))
        title = " ".join(str(component.get("SUMMARY", "(no title)")).split())
        own = rings.setdefault(title, set())
        occurrences = series.between(FIRST, LAST, inc=True)
        for alarm in alarms(component, start, is_day):
            if isinstance(alarm, datetime):
                own.add(alarm.astimezone(timezone.utc))
                continue
            for occurrence in occurrences:
                own.add((occurrence + alarm).replace(tzinfo=zone or timezone.utc).astimezone(timezone.utc))
    return rings


def parsed(text, at, zone):
    """A time of a definition as a local time of a zone."""
    if len(text) == 10:
        clock = datetime.strptime(at or "09:00", "%H:%M")
        return datetime.strptime(text, "%Y-%m-%d") + timedelta(hours=clock.hour, minutes=clock.minute)
    own = zone
    if text.endswith("Z"):
        text, own = text[:-1], timezone.utc
    elif text.endswith("]"):
        text, name = text[:-1].split("[")
        own = ZoneInfo(name)
    return datetime.fromisoformat(text).replace(tzinfo=own).astimezone(zone).replace(tzinfo=None)


def of_reminders(reminders):
    rings = {}
    for reminder in reminders:
        definition = reminder["definition"]
        zone = ZoneInfo(reminder["zone"] or "UTC")
        at = definition.get("at")
        start = parsed(definition["start"], at, zone)
        series = rruleset()
        if "repeat" in definition:
            rule = definition["repeat"]
            if "UNTIL=" in rule and rule.endswith("Z") or "Z;" in rule:
                head, tail = rule.split("UNTIL=")
                value, _, rest = tail.partition(";")
                until = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).astimezone(zone)
                rule = f"{head}UNTIL={until:%Y%m%dT%H%M%S}" + (f";{rest}" if rest else "")
            elif "UNTIL=" in rule and "T" not in rule.split("UNTIL=")[1].split(";")[0]:
                # A date holds its whole day.
                head, tail = rule.split("UNTIL=")
                rule = f"{head}UNTIL={tail[:8]}T235959{tail[8:]}"
            series.rrule(rrulestr(rule, dtstart=start))
        else:
            series.rdate(start)
        for text in definition.get("rdate", []):
            series.rdate(parsed(text, at, zone))
        for text in definition.get("exdate", []):
            series.exdate(parsed(text, at, zone))
        lead = timedelta(minutes=definition.get("lead_minutes", 0))
        own = rings.setdefault(reminder["title"], set())
        for occurrence in series.between(FIRST, LAST, inc=True):
            own.add((occurrence - lead).replace(tzinfo=zone).astimezone(timezone.utc))
    return rings


def shown(rings):
    return {title: sorted(f"{ring:%Y-%m-%dT%H:%M:%SZ}" for ring in own) for title, own in rings.items()}


request = json.load(sys.stdin)
answer = {"calendar": shown(of_calendar(request["file"])), "reminders": shown(of_reminders(request["reminders"]))}
json.dump(answer, sys.stdout)
