"""Firms: registered once, named in many ways, with branches and owners of several."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from mindu.sim.dirty import signs
from mindu.sim.dirty.people import Row

OFFICES = ("market", "tax", "hotline")
CARE = {"market": 0.1, "tax": 0.4, "hotline": 1.4}
_FIRST = date(1985, 1, 1)


def firms(count: int, seed: int) -> dict[str, list[Row]]:
    """Return the rows of each office about so many firms; `truth` says which one a row is about.

    One in ten is a branch of the one before, one in twelve another firm of the same owner.
    """
    dice = Random(seed)
    found: dict[str, list[Row]] = {office: [] for office in OFFICES}
    for number, firm in enumerate(_founded(dice, count)):
        chosen = [office for office in OFFICES if dice.random() < 0.7] or ["market"]
        for office in chosen:
            for _ in range(1 + (dice.random() < 0.05)):
                row = _kept(dice, firm, CARE[office])
                place = len(found[office])
                found[office].append({"row": f"{office[0]}{place}", "truth": str(number), **row})
    return found


def _founded(dice: Random, count: int) -> Iterator[Row]:
    before: Row = {}
    for _ in range(count):
        district = dice.choice(list(signs.DISTRICTS))
        mark = "".join(dice.choices(signs.MARKS, k=dice.choice((2, 2, 3))))
        place, trade = dice.choice(("福州", "福州市", "福建")), dice.choice(signs.TRADES)
        firm = {
            "name": f"{place}{mark}{trade}有限公司",
            "credit_code": signs.credit(dice, signs.DISTRICTS[district]),
            "person": signs.name(dice), "phone": signs.phone(dice),
            "address": signs.address(dice, district),
            "founded": (_FIRST + timedelta(days=dice.randrange(15_000))).isoformat(),
        }  # fmt: skip
        how = dice.random()
        if before and how < 0.1:
            firm["name"] = f"{before['name'].split('公司')[0]}公司{district[:2]}分公司"
            firm["phone"] = before["phone"] if dice.random() < 0.5 else firm["phone"]
        elif before and how < 0.18:
            firm |= {"person": before["person"], "phone": before["phone"],
                     "address": before["address"]}  # fmt: skip
        before = firm
        yield firm


def _kept(dice: Random, firm: Row, care: float) -> Row:
    row, chance = dict(firm), dice.random
    row["name"] = _named(dice, row["name"], care)
    if chance() < 0.35 * care:
        row["credit_code"] = ""
    elif chance() < 0.06 * care:
        row["credit_code"] = signs.mistyped(dice, row["credit_code"])
    elif chance() < 0.1:
        row["credit_code"] = row["credit_code"].lower().replace("0", "O", 1)
    row |= _reached(dice, row, care)
    if chance() < 0.4 * care:
        row["founded"] = ""
    return row


def _reached(dice: Random, row: Row, care: float) -> Row:
    """Return the head, the phone and the address as an office has them, old ones too."""
    chance, person, phone, address = dice.random, row["person"], row["phone"], row["address"]
    if chance() < 0.08:
        person = signs.name(dice)  # of before, or of after
    elif chance() < 0.08 * care:
        person = signs.misheard(dice, person)
    if chance() < 0.25 * care:
        person = ""
    if chance() < 0.12:
        phone = signs.phone(dice)
    elif chance() < 0.2 * care:
        phone = ""
    if chance() < 0.1:
        address = signs.address(dice, dice.choice(list(signs.DISTRICTS)))
    address = "" if chance() < 0.25 * care else signs.written(dice, address)
    return {"person": person, "phone": phone, "address": address}


def _named(dice: Random, name: str, care: float) -> str:
    if dice.random() < 0.12 * care:
        name = name.replace("有限公司", "", 1) if "分公司" not in name else name
    elif dice.random() < 0.15 * care:
        name = name.replace("有限公司", "有限责任公司", 1)
    if dice.random() < 0.15 * care:
        name = (
            name.replace("福州市", "福州")
            if "福州市" in name
            else name.replace("福州", "福州市", 1)
        )
    elif dice.random() < 0.1 * care:
        name = name.removeprefix("福州市").removeprefix("福州").removeprefix("福建")
    if dice.random() < 0.05 * care:
        place = dice.randrange(2, 5)
        name = name[:place] + dice.choice(signs.MARKS) + name[place + 1 :]
    return name
