"""What Python's zoneinfo says of every time zone in a folder, as a compact binary stream.

usage: oracle.py FOLDER SHARD SHARDS SEED

Candidates for transitions come from the files' own data and, after the last one listed, from a search by halves
between weeks that differ; what is emitted is always zoneinfo's answer. Per zone, little-endian:

    u16 length, name                 (length 0 ends the stream)
    u32 n, n x i64                   changes of offset, daylight-saving flag or name, 1970 to 2100
    u32 n, n x (i64 i32 u8 u8 8s)    an instant: Unix time, offset, daylight-saving flag, fold, abbreviation
    u32 n, n x (i64 i32 i32)         a local time: seconds as if it were UTC, offset for fold 0, for fold 1
"""

import os
import random
import struct
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

FOLDER, SHARD, SHARDS, SEED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
EPOCH = datetime(1970, 1, 1)
EPOCH_UTC = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
FIRST = 0
LAST = int((datetime(2100, 12, 31) - EPOCH) / SECOND)
WIDE = [int((datetime(year, 1, 2) - EPOCH) / SECOND) for year in (1800, 2900)]
RANDOM_PER_ZONE = 200
DAY = 86400
STEP = 7 * DAY


def listed_transitions(data):
    """The 64-bit transition times of a file of version 2 or later (RFC 9636 section 3)."""

    def counts(at):
        return struct.unpack_from(">6I", data, at + 20)

    is_ut, is_std, leap, times, types, chars = counts(0)
    if data[4:5] == b"\0":
        return list(struct.unpack_from(f">{times}i", data, 44))
    second = 44 + times * 5 + types * 6 + chars + leap * 8 + is_std + is_ut
    times = counts(second)[3]
    return list(struct.unpack_from(f">{times}q", data, second + 44))


def state(zone, unix):
    local = (EPOCH_UTC + timedelta(seconds=unix)).astimezone(zone)
    return local.utcoffset(), bool(local.dst()), local.tzname(), local.fold


def changes(zone, data):
    listed = listed_transitions(data)
    found = {time for time in listed if FIRST <= time <= LAST}
    after = max([FIRST] + [time for time in listed if time <= LAST])
    before = state(zone, after)[:3]
    for start in range(after, LAST, STEP):
        low, high = start, min(start + STEP, LAST)
        now = state(zone, high)[:3]
        if now != before:
            while high - low > 1:
                middle = (low + high) // 2
                if state(zone, middle)[:3] == before:
                    low = middle
                else:
                    high = middle
            found.add(high)
            before = now
    return sorted(time for time in found if state(zone, time - 1)[:3] != state(zone, time)[:3])


def offset(delta):
    return delta.days * DAY + delta.seconds


def emit(name, out):
    with open(f"{FOLDER}/{name}", "rb") as file:
        data = file.read()
    zone = zoneinfo.ZoneInfo(name)
    times = changes(zone, data)
    dice = random.Random(f"{SEED} {name}")

    instants, locals_ = [], []
    for time in times:
        before, after = offset(state(zone, time - 1)[0]), offset(state(zone, time)[0])
        middle = (before + after) // 2
        back = abs(before - after)
        instants += [time - 1, time, time + 1, time + back - 1, time + back, time + dice.randrange(DAY)]
        for edge in (before, after):
            locals_ += [time + edge - 1, time + edge, time + edge + 1]
        locals_.append(time + middle)
    instants += [dice.randrange(*WIDE) for _ in range(RANDOM_PER_ZONE)]
    locals_ += [dice.randrange(*WIDE) for _ in range(RANDOM_PER_ZONE)]

    out.write(struct.pack("<H", len(name)) + name.encode())
    out.write(struct.pack(f"<I{len(times)}q", len(times), *times))
    out.write(struct.pack("<I", len(instants)))
    pack = struct.Struct("<qiBB8s").pack
    for unix in instants:
        delta, dst, abbreviation, fold = state(zone, unix)
        out.write(pack(unix, offset(delta), dst, fold, abbreviation.encode()))
    out.write(struct.pack("<I", len(locals_)))
    pack = struct.Struct("<qii").pack
    for seconds in locals_:
        local = (EPOCH + timedelta(seconds=seconds)).replace(tzinfo=zone)
        out.write(pack(seconds, offset(local.utcoffset()), offset(local.replace(fold=1).utcoffset())))


def main():
    zoneinfo.reset_tzpath(to=[FOLDER])
    names = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules"})
    # zoneinfo also knows the zones of the tzdata package, where that is installed.
    names = [name for name in names if os.path.isfile(f"{FOLDER}/{name}")]
    out = sys.stdout.buffer
    for name in names[SHARD::SHARDS]:
        emit(name, out)
    out.write(struct.pack("<H", 0))


main()
