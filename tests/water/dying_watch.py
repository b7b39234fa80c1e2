"""A brain that watches a pond until it is killed, saying aloud when it has learned for hours."""

import sys

from water_room import PondCity, Watch

from mindu.data.log import Log

HOURS = 3.0

if __name__ == "__main__":
    Watch(PondCity(), log=Log.open(sys.argv[1])).live(HOURS)
    sys.stdout.write("learned\n")
    sys.stdout.flush()
    sys.stdin.read()  # until it is killed
