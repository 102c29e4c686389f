"""Easter by python-dateutil. Prints "CALENDAR YEAR-MONTH-DAY" for each year.

usage: easters.py FIRST LAST
"""

import sys

from dateutil import easter

for year in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
    print("western", easter.easter(year, easter.EASTER_WESTERN))
    print("orthodox", easter.easter(year, easter.EASTER_ORTHODOX))
