"""People: each lives in up to four offices' lists, which disagree as such lists do."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from mindu.sim.dirty import signs

OFFICES = ("police", "insurance", "clinic", "hotline")  # from the most careful to the least
CARE = {"police": 0.15, "insurance": 0.45, "clinic": 1.0, "hotline": 1.5}  # of mistakes
_FIRST = date(1936, 1, 1)
_SPAN = 80 * 365  # days
Row = dict[str, str]


def people(count: int, seed: int) -> dict[str, list[Row]]:
    """Return the rows of each office about so many people; `truth` says who a row is about.

    One in five shares a household: surname, address, often a phone. One in forty is a twin.
    """
    dice = Random(seed)
    found: dict[str, list[Row]] = {office: [] for office in OFFICES}
    for number, person in enumerate(_lived(dice, count)):
        chosen = [office for office in OFFICES if dice.random() < 0.62] or ["police"]
        for office in chosen:
            for _ in range(1 + (dice.random() < 0.06)):  # a list that holds somebody twice
                row = _kept(dice, person, CARE[office], moved=office != "police")
                place = len(found[office])
                found[office].append({"row": f"{office[0]}{place}", "truth": str(number), **row})
    return found


def _lived(dice: Random, count: int) -> Iterator[Row]:
    before: Row = {}
    for _ in range(count):
        woman = dice.random() < 0.5
        born = (_FIRST + timedelta(days=dice.randrange(_SPAN))).isoformat()
        district = dice.choice(list(signs.DISTRICTS))
        person = {
            "name": signs.name(dice), "sex": "女" if woman else "男", "birth": born,
            "id_number": signs.identity(dice, signs.DISTRICTS[district], born, woman=woman),
            "phone": signs.phone(dice), "address": signs.address(dice, district),
        }  # fmt: skip
        if before and dice.random() < 0.2:
            person |= {"address": before["address"]}
            person["name"] = signs.name(dice, before["name"][:1])
            if dice.random() < 0.5:
                person["phone"] = before["phone"]
            if dice.random() < 0.125:
                area = before["id_number"][:6]
                person["birth"] = before["birth"]
                person["id_number"] = signs.identity(dice, area, before["birth"], woman=woman)
        before = person
        yield person


def _kept(dice: Random, person: Row, care: float, *, moved: bool) -> Row:
    """Return how one office keeps a person; `care` multiplies the chance of each mistake."""
    row = dict(person)
    chance = dice.random
    if chance() < 0.06 * care:
        row["name"] = signs.misheard(dice, row["name"])
    elif chance() < 0.02 * care and len(row["name"]) > 2:
        row["name"] = row["name"][0] + row["name"][2] + row["name"][1] + row["name"][3:]
    if chance() < 0.30 * care:
        row["id_number"] = ""
    elif chance() < 0.05 * care:
        row["id_number"] = signs.mistyped(dice, row["id_number"])
    elif chance() < 0.08 and row["birth"] < "2000":
        row["id_number"] = row["id_number"][:6] + row["id_number"][8:17]  # of fifteen digits
    row |= _contact(dice, row, care, moved=moved)
    row["birth"] = _born(dice, row["birth"], care)
    if chance() < 0.3 * care:
        row["sex"] = ""
    return row


def _born(dice: Random, birth: str, care: float) -> str:
    if dice.random() < 0.25 * care:
        return ""
    if dice.random() < 0.04 * care:
        year, month, day = birth.split("-")
        return f"{year}-{day}-{month}" if int(day) < 13 else f"{int(year) + 1}-{month}-{day}"
    return birth


def _contact(dice: Random, row: Row, care: float, *, moved: bool) -> Row:
    """Return the phone and the address as an office has them, old ones too."""
    chance, phone, address = dice.random, row["phone"], row["address"]
    if chance() < 0.10:
        phone = signs.phone(dice)  # the number of before
    elif chance() < 0.15 * care:
        phone = ""
    elif chance() < 0.04 * care:
        phone = signs.mistyped(dice, phone)
    elif chance() < 0.15:
        phone = dice.choice((f"+86 {phone}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"0{phone}"))
    if moved and chance() < 0.14:
        address = signs.address(dice, dice.choice(list(signs.DISTRICTS)))
    if chance() < 0.20 * care:
        address = ""
    elif chance() < 0.6:
        address = signs.written(dice, address)
    return {"phone": phone, "address": address}
