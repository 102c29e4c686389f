"""What others say of recurring series: python-dateutil of RFC 5545 rules, and this file's own brute force of cron
expressions and of what clocks show.

usage: oracle.py rfc
       oracle.py rules SEED COUNT
       oracle.py cron SEED COUNT
       oracle.py zones SEED COUNT
       oracle.py differences RULE START [RULE START …]
       oracle.py wild SEED COUNT
       oracle.py slowest SEED COUNT

`differences` gives dateutil's and libical's own answer to each rule. `wild` gives rules of every kind, sensible or not,
without an answer; `slowest` the milliseconds that dateutil takes for the slowest of them.

One JSON object a line: {"repeat": …, "start": …, "after": …, "expected": [local times or instants]}, and what a kind
adds. Times are written 2026-11-23T09:30:00, instants with Z behind them. A series is complete when it has fewer than
LENGTH elements: then it ends there, or at the year HORIZON, beyond which nothing is asked.
"""

import ctypes
import datetime as datetime_module
import json
import random
import sys
import time
import types
import zoneinfo
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from dateutil import rrule as rrule_module
from dateutil.rrule import rrulestr

LENGTH = 25
HORIZON = datetime(2061, 1, 1)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
UTC = timezone.utc


def emit(**fields):
    print(json.dumps(fields))


# dateutil follows a rule that never comes to the year 9999, which takes minutes: here to the horizon.
short_calendar = types.ModuleType("datetime")
short_calendar.__dict__.update({name: getattr(datetime_module, name) for name in dir(datetime_module)})
short_calendar.MAXYEAR = HORIZON.year
rrule_module.datetime = short_calendar


def dateutil_series(text, start, after):
    """The first LENGTH occurrences at `after` or later."""
    found = []
    try:
        for moment in rrulestr(text, dtstart=start):
            if moment >= HORIZON or len(found) == LENGTH:
                break
            if moment >= after:
                found.append(moment)
    except ValueError:
        # "Invalid rrule byxxx generates an empty set"
        return []
    return [moment.isoformat() for moment in found]


# RFC 5545 section 3.8.5.3, in its order. All start at 09:00 in New York; UNTIL, there in UTC, is written here as the
# local time that it means. The EXDATE of "every Friday the 13th" takes out the start, which the rule does not name.
RFC_EXAMPLES = [
    ("19970902T090000", "FREQ=DAILY;COUNT=10"),
    ("19970902T090000", "FREQ=DAILY;UNTIL=19971223T190000"),
    ("19970902T090000", "FREQ=DAILY;INTERVAL=2"),
    ("19970902T090000", "FREQ=DAILY;INTERVAL=10;COUNT=5"),
    ("19980101T090000", "FREQ=YEARLY;UNTIL=20000131T090000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA"),
    ("19980101T090000", "FREQ=DAILY;UNTIL=20000131T090000;BYMONTH=1"),
    ("19970902T090000", "FREQ=WEEKLY;COUNT=10"),
    ("19970902T090000", "FREQ=WEEKLY;UNTIL=19971223T190000"),
    ("19970902T090000", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
    ("19970902T090000", "FREQ=WEEKLY;UNTIL=19971006T200000;WKST=SU;BYDAY=TU,TH"),
    ("19970902T090000", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH"),
    ("19970901T090000", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223T190000;WKST=SU;BYDAY=MO,WE,FR"),
    ("19970902T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH"),
    ("19970905T090000", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR"),
    ("19970905T090000", "FREQ=MONTHLY;UNTIL=19971223T190000;BYDAY=1FR"),
    ("19970907T090000", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU"),
    ("19970922T090000", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO"),
    ("19970928T090000", "FREQ=MONTHLY;BYMONTHDAY=-3"),
    ("19970902T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15"),
    ("19970930T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1"),
    ("19970910T090000", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15"),
    ("19970902T090000", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU"),
    ("19970610T090000", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7"),
    ("19970310T090000", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3"),
    ("19970101T090000", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200"),
    ("19970519T090000", "FREQ=YEARLY;BYDAY=20MO"),
    ("19970512T090000", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
    ("19970313T090000", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH"),
    ("19970605T090000", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8"),
    ("19970902T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
    ("19970913T090000", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13"),
    ("19961105T090000", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"),
    ("19970904T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3"),
    ("19970929T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2"),
    ("19970902T090000", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000"),
    ("19970902T090000", "FREQ=MINUTELY;INTERVAL=15;COUNT=6"),
    ("19970902T090000", "FREQ=MINUTELY;INTERVAL=90;COUNT=4"),
    ("19970902T090000", "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"),
    ("19970902T090000", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16"),
    ("19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO"),
    ("19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"),
    ("20070115T090000", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5"),
]


def rfc():
    for start, rule in RFC_EXAMPLES:
        begin = datetime.strptime(start, "%Y%m%dT%H%M%S")
        emit(repeat=rule, start=begin.isoformat(), after=begin.isoformat(), expected=dateutil_series(rule, begin, begin))


def some(random_, values, most):
    return random_.sample(values, random_.randint(1, min(most, len(values))))


def joined(values):
    return ",".join(map(str, values))


def signed(random_, top, most):
    return [value * random_.choice([1, 1, -1]) for value in some(random_, list(range(1, top + 1)), most)]


def rule_of(random_):
    """A rule and its start, without what the two are known to differ in (see DifferenceTests.swift)."""
    frequency = random_.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY"])
    start = datetime(2020, 1, 1) + timedelta(minutes=random_.randrange(6 * 366 * 1440))
    if random_.random() < 0.3:
        start = start.replace(second=random_.randrange(60))
    parts = [f"FREQ={frequency}"]
    if random_.random() < 0.5:
        parts.append(f"INTERVAL={random_.choice([2, 2, 3, 4, 5, 6, 7, 12, 13, 24, 25, 60, 100])}")
    with_times = 0.25
    if frequency in ("HOURLY", "MINUTELY"):
        with_times = 0.5
    else:
        date_parts(random_, frequency, parts, start)
    if random_.random() < with_times:
        parts.append(f"BYHOUR={joined(some(random_, list(range(24)), 5))}")
    if random_.random() < with_times:
        parts.append(f"BYMINUTE={joined(some(random_, list(range(60)), 4))}")
    if random_.random() < with_times / 2:
        parts.append(f"BYSECOND={joined(some(random_, list(range(60)), 3))}")
    if frequency in ("MONTHLY", "YEARLY") and len(parts) > 2 and "BY" in "".join(parts) and random_.random() < 0.2:
        parts.append(f"BYSETPOS={joined(signed(random_, 10, 3))}")
    if frequency == "DAILY" and "BYHOUR" in "".join(parts) and random_.random() < 0.3:
        parts.append(f"BYSETPOS={joined(signed(random_, 4, 2))}")
    choice = random_.random()
    narrows = frequency in ("HOURLY", "MINUTELY") and "BYHOUR" in "".join(parts) + (
        "BYHOUR" if frequency == "MINUTELY" and "BYMINUTE" in "".join(parts) else "")
    if choice < 0.2:
        parts.append(f"COUNT={random_.randint(1, 10 if narrows else 60)}")
    elif choice < 0.4:
        until = start + timedelta(minutes=random_.randrange(4 * 366 * 1440))
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%S}")
    head, rest = parts[0], parts[1:]
    random_.shuffle(rest)
    return ";".join([head] + rest), start


def date_parts(random_, frequency, parts, start):
    has = lambda share: random_.random() < share
    if has(0.3):
        parts.append(f"BYMONTH={joined(some(random_, list(range(1, 13)), 4))}")
    if frequency == "WEEKLY":
        if has(0.7):
            parts.append(f"BYDAY={joined(some(random_, WEEKDAYS, 4))}")
        if has(0.4):
            parts.append(f"WKST={random_.choice(WEEKDAYS)}")
        return
    if frequency == "DAILY":
        if has(0.3):
            parts.append(f"BYMONTHDAY={joined(signed(random_, 31, 8))}")
        if has(0.3):
            parts.append(f"BYDAY={joined(some(random_, WEEKDAYS, 4))}")
        return
    months = any(part.startswith("BYMONTH=") for part in parts)
    if frequency == "YEARLY" and has(0.2):
        parts.append(f"BYYEARDAY={joined(signed(random_, 366, 8))}")
    if frequency == "YEARLY" and has(0.2):
        # dateutil takes all seven days where BYDAY is missing.
        parts.append(f"BYWEEKNO={joined(signed(random_, 53, 5))}")
        parts.append(f"BYDAY={joined(some(random_, WEEKDAYS, 4))}")
        if has(0.5):
            parts.append(f"WKST={random_.choice(WEEKDAYS)}")
    elif has(0.5):
        if has(0.5):
            # dateutil takes only what is in both where some have a number and some have none.
            top = 5 if frequency == "MONTHLY" or months else 53
            days = {f"{random_.choice(['', '-'])}{random_.randint(1, top)}{day}" for day in some(random_, WEEKDAYS, 4)}
            parts.append(f"BYDAY={joined(sorted(days))}")
        else:
            parts.append(f"BYDAY={joined(some(random_, WEEKDAYS, 4))}")
    if has(0.4):
        parts.append(f"BYMONTHDAY={joined(signed(random_, 31, 8))}")


def rules(seed, count):
    random_ = random.Random(seed)
    for _ in range(count):
        rule, start = rule_of(random_)
        # dateutil goes through all that lies between.
        days = 5 if "HOURLY" in rule or "MINUTELY" in rule else 800
        after = start if random_.random() < 0.5 else start + timedelta(seconds=random_.randrange(days * 86400))
        expected = dateutil_series(rule, start, after)
        emit(repeat=rule, start=start.isoformat(), after=after.isoformat(), expected=expected)


# ---- cron, by looking at every minute ----

MONTH_NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAY_NAMES = "SUN MON TUE WED THU FRI SAT".split()


def field_matches(text, value, low, high, names=(), first=0, wrap=None):
    """Whether a list, range or step names a value."""

    def number(word):
        if word.upper() in names:
            return names.index(word.upper()) + first
        return int(word)

    for item in text.split(","):
        span, _, step = item.partition("/")
        if span == "*":
            begin, end = low, high
        elif "-" in span:
            begin, end = (number(word) for word in span.split("-"))
        else:
            begin = number(span)
            end = high if step else begin
        candidates = range(begin, end + 1, int(step or 1))
        if value in candidates or (wrap is not None and value == 0 and wrap in candidates):
            return True
    return False


def sunday_based(day):
    return (day.weekday() + 1) % 7


def month_length(day):
    following = day.replace(day=28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).day


def nearest_workday(day, wanted):
    """The day of the month nearest to `wanted` that is a Monday to Friday."""
    length = month_length(day)
    if wanted > length:
        return None
    for distance in range(4):
        for candidate in (wanted - distance, wanted + distance):
            if 1 <= candidate <= length and day.replace(day=candidate).weekday() < 5:
                return candidate
    return None


def aws_day_of_month(text, day):
    if text == "L":
        return day.day == month_length(day)
    if text == "LW":
        return day.day == nearest_workday(day, month_length(day))
    if text.endswith("W"):
        return day.day == nearest_workday(day, int(text[:-1]))
    return field_matches(text, day.day, 1, 31)


def aws_day_of_week(text, day):
    value = sunday_based(day) + 1
    number = lambda word: DAY_NAMES.index(word.upper()) + 1 if word.upper() in DAY_NAMES else int(word)
    if text == "L":
        return value == 7
    if text.endswith("L"):
        return value == number(text[:-1]) and day.day + 7 > month_length(day)
    if "#" in text:
        weekday, nth = text.split("#")
        return value == number(weekday) and (day.day - 1) // 7 + 1 == int(nth)
    return field_matches(text, value, 1, 7, DAY_NAMES, 1)


def day_matches(fields, day):
    if not field_matches(fields[3], day.month, 1, 12, MONTH_NAMES, 1):
        return False
    if len(fields) == 6:
        if not field_matches(fields[5], day.year, 1970, 2199):
            return False
        return aws_day_of_week(fields[4], day) if fields[2] == "?" else aws_day_of_month(fields[2], day)
    by_number = field_matches(fields[2], day.day, 1, 31)
    by_weekday = field_matches(fields[4], sunday_based(day), 0, 7, DAY_NAMES, 0, wrap=7)
    if fields[2].startswith("*") or fields[4].startswith("*"):
        return by_number and by_weekday
    return by_number or by_weekday


def cron_locals(expression, after, days):
    fields = expression.split()
    found = []
    for number in range(days):
        day = (after + timedelta(days=number)).replace(hour=0, minute=0, second=0)
        if not day_matches(fields, day):
            continue
        for minute in range(1440):
            moment = day + timedelta(minutes=minute)
            if moment < after or not field_matches(fields[0], moment.minute, 0, 59):
                continue
            if field_matches(fields[1], moment.hour, 0, 23):
                found.append(moment)
                if len(found) == LENGTH:
                    return found
    return found


def cron_field(random_, low, high, star, aws, names=(), first=0):
    def value(number):
        if names and random_.random() < 0.3 and 0 <= number - first < len(names):
            name = names[number - first]
            return random_.choice([name, name.lower(), name.capitalize()])
        return str(number)

    if random_.random() < star:
        return random_.choice(["*", "*", f"*/{random_.randint(1, high)}"])
    items = []
    for _ in range(random_.randint(1, 3)):
        kind = random_.random()
        begin = random_.randint(low, high)
        end = random_.randint(begin, high)
        if kind < 0.6:
            items.append(value(begin))
        elif kind < 0.8:
            items.append(f"{value(begin)}-{value(end)}")
        elif kind < 0.9 or not aws:
            items.append(f"{begin}-{end}/{random_.randint(1, 7)}")
        else:
            items.append(f"{begin}/{random_.randint(1, high)}")
    return ",".join(items)


def cron_of(random_):
    aws = random_.random() < 0.5
    minutes = cron_field(random_, 0, 59, 0.1, aws)
    hours = cron_field(random_, 0, 23, 0.3, aws)
    months = cron_field(random_, 1, 12, 0.7, aws, MONTH_NAMES, 1)
    if not aws:
        days = cron_field(random_, 1, 31, 0.5, False)
        weekdays = cron_field(random_, 0, 7, 0.5, False, DAY_NAMES, 0)
        return f"{minutes} {hours} {days} {months} {weekdays}"
    years = random_.choice(["*", "*", "2026", "2026-2027", "2026/2"])
    if random_.random() < 0.5:
        day = random_.choice([
            "*", "L", "LW", f"{random_.randint(1, 31)}W", cron_field(random_, 1, 31, 0, True)])
        return f"{minutes} {hours} {day} {months} ? {years}"
    weekday = random_.choice([str(random_.randint(1, 7)), random_.choice(DAY_NAMES)])
    day = random_.choice([
        "*", "L", f"{weekday}L", f"{weekday}#{random_.randint(1, 5)}", cron_field(random_, 1, 7, 0, True, DAY_NAMES, 1)])
    return f"{minutes} {hours} ? {months} {day} {years}"


CRON_DAYS = 500


def cron(seed, count):
    random_ = random.Random(seed)
    for _ in range(count):
        expression = cron_of(random_)
        after = datetime(2026, 1, 1) + timedelta(minutes=random_.randrange(300 * 1440))
        until = (after + timedelta(days=CRON_DAYS)).replace(hour=0, minute=0)
        found = [moment.isoformat() for moment in cron_locals(expression, after, CRON_DAYS)]
        emit(repeat=f"cron({expression})", after=after.isoformat(), until=until.isoformat(), expected=found)


# ---- what clocks show, by looking at every minute or every interval ----

ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata", "Africa/Casablanca",
         "Europe/London", "Pacific/Apia", "America/St_Johns", "Asia/Tehran"]


@lru_cache(maxsize=None)
def changes_of(zone, year):
    """Hours of a year after which the offset is another."""
    found = []
    moment = datetime(year, 1, 1, tzinfo=UTC)
    before = moment.astimezone(zone).utcoffset()
    while moment.year == year:
        moment += timedelta(hours=1)
        offset = moment.astimezone(zone).utcoffset()
        if offset != before:
            found.append(moment)
            before = offset
    return found


def zones(seed, count):
    random_ = random.Random(seed)
    produced = 0
    while produced < count:
        name = random_.choice(ZONES)
        zone = zoneinfo.ZoneInfo(name)
        changes = changes_of(zone, random_.choice([2011, 2018, 2025]))
        if not changes:
            continue
        begin = random_.choice(changes) - timedelta(minutes=random_.randrange(1, 2000))
        kind = random_.choice(["wall", "stepped"])
        (wall if kind == "wall" else stepped)(random_, name, zone, begin)
        produced += 1


def wall(random_, name, zone, begin):
    """A cron expression with a star in front: every minute at which the clock shows it."""
    minutes = random_.choice(["*", "*/7", "*/30"])
    hours = random_.choice(["*", "1-3", "*/2", "2", "0,23"])
    if random_.random() < 0.3:
        minutes, hours = str(random_.randrange(60)), "*"
    expression = f"{minutes} {hours} * * *"
    found = []
    for minute in range(5 * 1440):
        moment = (begin + timedelta(minutes=minute)).replace(second=0)
        local = moment.astimezone(zone)
        if local.second == 0 and field_matches(minutes, local.minute, 0, 59) and field_matches(hours, local.hour, 0, 23):
            found.append(moment)
            if len(found) == LENGTH:
                break
    emit(kind="wall", zone=name, repeat=f"cron({expression})", after=begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
         expected=[moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in found])


def stepped(random_, name, zone, begin):
    """An HOURLY or MINUTELY rule from a local start: each interval, judged by what the clock shows."""
    frequency = random_.choice(["HOURLY", "MINUTELY"])
    interval = random_.choice([1, 1, 2, 3, 5, 7, 12, 24, 25, 45, 60, 90])
    rule = f"FREQ={frequency};INTERVAL={interval}"
    hours = None
    minutes = None
    if random_.random() < 0.4:
        hours = some(random_, list(range(24)), 6)
        rule += f";BYHOUR={joined(hours)}"
    if frequency == "MINUTELY" and random_.random() < 0.2:
        minutes = some(random_, list(range(60)), 12)
        rule += f";BYMINUTE={joined(minutes)}"
    local_start = begin.astimezone(zone).replace(second=0)
    start = local_start.astimezone(UTC)
    if local_start.fold or start.astimezone(zone) != local_start:
        return
    unit = timedelta(hours=1) if frequency == "HOURLY" else timedelta(minutes=1)
    found = []
    moment = start
    for _ in range(3000):
        local = moment.astimezone(zone)
        named = (hours is None or local.hour in hours) and (minutes is None or local.minute in minutes)
        # An hour keeps the minute of the start: a zone that changes by half an hour moves it.
        if named and (frequency == "MINUTELY" or local.minute == local_start.minute):
            found.append(moment)
            if len(found) == LENGTH:
                break
        if frequency == "HOURLY" and local.minute != local_start.minute:
            return
        moment += interval * unit
    emit(kind="stepped", zone=name, repeat=rule, start=local_start.replace(tzinfo=None).isoformat(),
         after=start.strftime("%Y-%m-%dT%H:%M:%SZ"), expected=[moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in found])


# ---- where they differ, and how long they take ----


def libical_series(text, start):
    """The first eight occurrences by libical itself; local times stand as if they were UTC."""
    library = ctypes.CDLL("libical.so.3")
    library.icalerror_set_errors_are_fatal(0)
    expand = library.icalrecur_expand_recurrence
    expand.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.POINTER(ctypes.c_long)]
    found = (ctypes.c_long * 8)()
    expand(text.encode(), int(start.replace(tzinfo=UTC).timestamp()), 8, found)
    return [datetime.fromtimestamp(moment, UTC).replace(tzinfo=None).isoformat() for moment in found if moment]


def differences(arguments):
    for rule, start in zip(arguments[::2], arguments[1::2]):
        begin = datetime.fromisoformat(start)
        emit(repeat=rule, start=start, after=start, expected=dateutil_series(rule, begin, begin)[:8],
             libical=libical_series(rule, begin))


def wild_rule(random_):
    frequency = random_.choice(["MINUTELY", "HOURLY", "DAILY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"])
    numbers = lambda low, high, most: joined(some(random_, list(range(low, high + 1)), most))
    makers = {
        "INTERVAL": lambda: random_.choice([1, 2, 3, 7, 12, 13, 48, 53, 100, 365, 400, 1440, 1441, 9999, random_.randint(1, 10000)]),
        "COUNT": lambda: random_.choice([1, 10, 1000, 100000, random_.randint(1, 100000)]),
        "UNTIL": lambda: f"{random_.randint(2020, 2260)}0701T000000Z",
        "WKST": lambda: random_.choice(WEEKDAYS),
        "BYMONTH": lambda: numbers(1, 12, 12),
        "BYMONTHDAY": lambda: random_.choice(["31", "29", "30,31", "-31", joined(signed(random_, 31, 31))]),
        "BYDAY": lambda: random_.choice([
            joined(some(random_, WEEKDAYS, 7)),
            joined(f"{random_.choice(['', '-'])}{random_.randint(1, 5)}{day}" for day in some(random_, WEEKDAYS, 7)),
            joined(f"{random_.choice(['', '-'])}{random_.randint(1, 53)}{day}" for day in some(random_, WEEKDAYS, 7)),
            "53SU", "5MO"]),
        "BYYEARDAY": lambda: random_.choice(["366", "-366", joined(signed(random_, 366, 300))]),
        "BYWEEKNO": lambda: random_.choice(["53", "-53", "1", joined(signed(random_, 53, 53))]),
        "BYHOUR": lambda: numbers(0, 23, 24),
        "BYMINUTE": lambda: numbers(0, 59, random_.choice([2, 60])),
        "BYSECOND": lambda: numbers(0, 59, random_.choice([2, 60])),
        "BYSETPOS": lambda: random_.choice(["1", "-1", "366", "-366", joined(signed(random_, 366, 20))]),
    }
    if frequency in ("MINUTELY", "HOURLY"):
        usable = ["INTERVAL", "COUNT", "UNTIL", "BYHOUR", "BYMINUTE", "BYSECOND"]
    else:
        banned = {"DAILY": ["BYYEARDAY", "BYWEEKNO"], "WEEKLY": ["BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"],
                  "MONTHLY": ["BYYEARDAY", "BYWEEKNO"]}.get(frequency, [])
        usable = [name for name in makers if name not in banned or random_.random() < 0.02]
    names = some(random_, usable, 6)
    if "COUNT" in names and "UNTIL" in names:
        names.remove("UNTIL")
    return ";".join([f"FREQ={frequency}"] + [f"{name}={makers[name]()}" for name in names])


def wild_case(random_):
    start = datetime(random_.choice([1750, 1970, 2000, 2020, 2026, 2200]), 1, 1) + timedelta(minutes=random_.randrange(525600))
    after = start + timedelta(days=random_.choice([0, 0, 1, 1000, 20000]))
    return wild_rule(random_), start, after


def wild(seed, count):
    random_ = random.Random(seed)
    for _ in range(count):
        rule, start, after = wild_case(random_)
        emit(repeat=rule, start=start.isoformat(), after=after.isoformat(), expected=[])


LONGEST_SECONDS = 2


def slowest(seed, count):
    """Milliseconds, of rules that are no finer than a day. What dateutil goes through to get where it is asked is cut at
    LONGEST_SECONDS, which then stands for longer ones."""
    random_ = random.Random(seed)
    worst = 0.0
    while count > 0:
        rule, start, after = wild_case(random_)
        if "HOURLY" in rule or "MINUTELY" in rule:
            continue
        count -= 1
        begun = time.perf_counter()
        try:
            for moment in rrulestr(rule.replace("T000000Z", "T000000"), dtstart=start):
                if moment >= after or time.perf_counter() - begun > LONGEST_SECONDS:
                    break
        except (ValueError, OverflowError, IndexError):
            # Refused, or a fault of dateutil's own (BYWEEKNO with BYYEARDAY); an answer, too.
            pass
        worst = max(worst, time.perf_counter() - begun)
    print(worst * 1000)


if __name__ == "__main__":
    command = sys.argv[1]
    if command == "rfc":
        rfc()
    elif command == "differences":
        differences(sys.argv[2:])
    else:
        kinds = {"rules": rules, "cron": cron, "zones": zones, "wild": wild, "slowest": slowest}
        kinds[command](int(sys.argv[2]), int(sys.argv[3]))
