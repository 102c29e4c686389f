"""When each yearly event of a list is due, by Python's own calendar and zoneinfo.

Reads lines of `id zone month day leap hour minute lead` after a first line `from until` (Unix seconds), and
prints `id key seconds` for each occurrence in between. Independent of the code under test: no line of it is shared.
"""

import sys
from calendar import isleap
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def celebrated(year, month, day, leap):
    if (month, day) == (2, 29) and not isleap(year):
        return {"feb-28": (2, 28), "mar-1": (3, 1)}.get(leap)
    return (month, day)


def main():
    lines = sys.stdin.read().splitlines()
    start, end = map(int, lines[0].split())
    first = datetime.utcfromtimestamp(start).year
    last = datetime.utcfromtimestamp(end).year
    for line in lines[1:]:
        name, zone, month, day, leap, hour, minute, lead = line.split()
        for year in range(first - 1, last + 2):
            date = celebrated(year, int(month), int(day), leap)
            if date is None:
                continue
            day_of = datetime(year, *date, int(hour), int(minute))
            # fold=0: the first of two equal times; in a gap, the offset from before it.
            local = (day_of - timedelta(days=int(lead))).replace(tzinfo=ZoneInfo(zone))
            seconds = int(local.timestamp())
            if start <= seconds < end:
                key = day_of.strftime("%Y-%m-%d") + ("" if lead == "0" else f"-{lead}d")
                print(name, key, seconds)


main()
