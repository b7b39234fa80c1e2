"""A portal that opens, closes, answers and takes votes until it is killed, saying what it did."""

import sys

from opening_house import LIN, NOON
from portal_house import Desk

from mindu.brain.cases import Role
from mindu.brain.casework.rights import Officer
from mindu.brain.opening.check import Proposal
from mindu.brain.opening.openings import DATA_OFFICE
from mindu.data.gateway.want import Want
from mindu.data.grants.ask import User
from mindu.data.log import Log

ZHOU = Officer("zhou", "Zhou", DATA_OFFICE, (Role.OFFICER,), ("*",))


def main(place: str) -> None:
    with Log.open(place) as log:
        desk = Desk(log)
        portal, who = desk.portal, User("public-1")
        for turn in range(1 << 30):
            said = [f"read {portal.rows(who, Want(dataset='pumps', limit=3)).receipt}"]
            number = desk.requests.ask(f"wish {len(log)}", "", voter=f"v{turn}", now=NOON)
            desk.requests.answer(number, "it is open", ZHOU, now=NOON, opened="pumps")
            said.append(f"asked {number}")
            desk.openings.close("pumps", "recount", LIN, now=NOON)
            opened = desk.openings.open("pumps", Proposal(), LIN, now=NOON)
            log.commit()
            said.append(f"opened {opened.seq}")
            sys.stdout.write(" ".join(said) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
