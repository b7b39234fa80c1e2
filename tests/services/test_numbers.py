"""A tracking number opens its own case and helps nobody to another."""

import pytest
from services_desk import SHOP
from services_office import hall
from services_people import Hall, Person

from mindu.apps.services.numbers import instance_of, number_of, parts_of
from mindu.engines.process.happenings import Start

__all__ = ["hall"]


def shop(hall: Hall, who: str = "applicant") -> str:
    return hall.counter.hand_in(who, "restaurant", SHOP, hall.time)


def test_who_holds_the_number_looks_and_who_guesses_the_next_does_not(hall: Hall) -> None:
    first, second = shop(hall), shop(hall, "other")
    stranger = Person(hall)
    assert stranger.get(f"/progress?number={first}").status == 200
    assert first in stranger.body
    plain, _, tail = first.partition("-")
    assert stranger.get(f"/progress?number={plain}").status == 404, "the digits alone are guessed"
    other = f"{second.partition('-')[0]}-{tail}"
    assert stranger.get(f"/progress?number={other}").status == 404, "each has its own"
    assert len(tail) == 6


def test_a_number_is_read_as_people_write_it_down(hall: Hall) -> None:
    number = shop(hall)
    sloppy = number.lower().replace("-", " ").replace("0", "O")
    digits = sloppy[2:12].replace("O", "0").replace("o", "0")
    assert hall.counter.found(f"md {digits} {sloppy[13:]}") == instance_of(number)
    with pytest.raises(ValueError, match="no tracking number"):
        parts_of(f"{number}7")


def test_what_was_handed_in_before_there_were_tails_keeps_its_short_number(hall: Hall) -> None:
    started = Start(applicant="applicant", vars={"answers": "x", "sampled": False})
    case, _ = hall.counter.processes.start("restaurant", started, by="applicant", now=hall.time)
    assert hall.counter.number(case) == number_of(case)
    assert Person(hall).get(f"/progress?number={number_of(case)}").status == 200


def test_the_applicant_needs_no_tail_and_the_desk_shows_it(hall: Hall) -> None:
    number = shop(hall)
    case = instance_of(number)
    short = number.partition("-")[0]
    assert hall.counter.progress(short, hall.time, by="applicant").number == number
    with pytest.raises(KeyError):
        hall.counter.progress(short, hall.time, by="other")
    assert hall.hall.steps.desk.number(case) == number


def test_a_stranger_learns_nothing_of_a_case_by_rating_it(hall: Hall) -> None:
    number = shop(hall)
    with pytest.raises(ValueError, match="only the applicant"):
        hall.site.ratings.rate(number, 9, "", by="other", now=hall.time)
