"""A draft is kept for thirty days after its last answer, then nothing of it is left."""

from datetime import timedelta
from pathlib import Path

import pytest
from services_desk import NOW
from services_people import Hall

from mindu.apps.services.drafts import KEEPS, LOOKS, Drafts
from mindu.apps.services.vault import Drawer, Vault
from mindu.data.vault import Vault as Sealed

DAY = timedelta(days=1)


@pytest.fixture(params=["drawer", "sealed"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return Drawer() if request.param == "drawer" else Sealed(tmp_path)


def test_a_draft_that_nobody_goes_on_with_is_removed_and_one_that_is_used_stays(
    vault: Vault,
) -> None:
    drafts = Drafts(vault)
    for subject in ("old", "busy"):
        drafts.save(subject, "newborn", {"child_name": "林小榕"})
    assert drafts.clear(NOW) == 0
    for day in range(1, KEEPS.days):
        drafts.clear(NOW + day * DAY)
    drafts.save("busy", "newborn", {"child_name": "林小榕", "sex": "female"})
    assert drafts.of("old", "newborn"), "the last day is still theirs"
    assert drafts.clear(NOW + KEEPS) == 1
    assert drafts.of("old", "newborn") == {}
    assert [subject for subject, _ in vault.named("draft")] == ["busy", "busy"], "nothing is left"
    assert drafts.of("busy", "newborn")["sex"] == "female"
    assert drafts.clear(NOW + 2 * KEEPS) == 1


def test_a_clock_that_jumps_removes_nothing_early(vault: Vault) -> None:
    drafts = Drafts(vault)
    drafts.save("a", "newborn", {"sex": "male"})
    drafts.clear(NOW + 300 * DAY)
    assert drafts.clear(NOW) == 0, "the clock was set right"
    assert drafts.clear(NOW + KEEPS - DAY) == 0
    assert drafts.clear(NOW + KEEPS) == 1


def test_looks_are_an_hour_apart_and_an_emptied_draft_leaves_no_trace(vault: Vault) -> None:
    drafts = Drafts(vault)
    drafts.clear(NOW)
    drafts.save("a", "newborn", {"sex": "male"})
    drafts.clear(NOW + LOOKS / 2)
    assert [name for _, name in vault.named("draft")] == ["draft:newborn"], "it was no time to look"
    drafts.save("a", "newborn", {})
    assert vault.named("draft") == []


def test_the_hall_lets_go_of_old_drafts_by_itself(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.counter.save("someone", "allowance", {"name": "林依嬷"})
    hall.site.look()
    hall.later(days=29)
    hall.site.look()
    assert hall.counter.draft("someone", "allowance")
    hall.later(days=1)
    hall.site.look()
    assert hall.counter.draft("someone", "allowance") == {}
