"""Materials: made once, used by many, with consent and a receipt each time."""

from datetime import timedelta

import pytest
from services_desk import CHILD, NOW, hall

from mindu.apps.services.materials import Consent, Material, Materials, NotAllowed
from mindu.apps.services.numbers import instance_of

MARRIAGE = Material(
    kind="marriage",
    told={"husband": "陈明", "number": "J350102-2020-000001"},
    vouched="civil affairs",
    at=NOW,
    until=NOW + timedelta(days=365),
)
YES = Consent(kind="marriage", who="police", purpose="newborn/household",
              until=NOW + timedelta(days=30))  # fmt: skip


def test_a_material_is_used_with_consent_and_each_use_is_a_receipt() -> None:
    counter = hall()
    library = Materials(counter.vault, counter.processes)
    case = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    kept = library.keep("mother", MARRIAGE)
    asked = {"who": "police", "purpose": "newborn/household", "case": case}
    with pytest.raises(NotAllowed, match="has not let police"):
        library.use("mother", "marriage", now=NOW, **asked)  # type: ignore[arg-type]
    library.consent("mother", YES)
    library.consent("mother", YES)
    assert len(library.consents("mother")) == 1
    found = library.use("mother", "marriage", now=NOW, **asked)  # type: ignore[arg-type]
    assert found.told == MARRIAGE.told
    (receipt,) = counter.receipts(case)
    assert receipt["digest"] == kept.digest
    assert "陈明" not in repr(receipt)


@pytest.mark.parametrize("later", [31, 400])
def test_neither_a_consent_nor_a_material_lasts_for_ever(later: int) -> None:
    counter = hall()
    library = Materials(counter.vault, counter.processes)
    case = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    library.keep("mother", MARRIAGE)
    library.consent("mother", YES)
    with pytest.raises(NotAllowed):
        library.use("mother", "marriage", who="police", purpose="newborn/household", case=case,
                    now=NOW + timedelta(days=later))  # fmt: skip


def test_a_consent_that_is_taken_back_ends_the_use_at_once() -> None:
    counter = hall()
    library = Materials(counter.vault, counter.processes)
    case = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    library.keep("mother", MARRIAGE)
    library.consent("mother", YES)
    assert library.take_back("mother", kind="marriage", who="police", purpose="newborn/household")
    with pytest.raises(NotAllowed):
        library.use("mother", "marriage", who="police", purpose="newborn/household", case=case,
                    now=NOW)  # fmt: skip


def test_a_changed_material_is_not_handed_out_and_answers_are_filled_from_a_good_one() -> None:
    counter = hall()
    library = Materials(counter.vault, counter.processes)
    case = instance_of(counter.hand_in("mother", "newborn", CHILD, NOW))
    library.keep("mother", MARRIAGE)
    paths = {"father_name": "marriage.husband", "mother_name": "identity.name"}
    assert library.filled("mother", paths, frozenset({"marriage"})) == {"father_name": "陈明"}
    kept = counter.vault.get("mother", "material:marriage")
    assert isinstance(kept, dict)
    counter.vault.put("mother", "material:marriage", {**kept, "told": {"husband": "somebody"}})
    library.consent("mother", YES)
    with pytest.raises(NotAllowed, match="was changed"):
        library.use("mother", "marriage", who="police", purpose="newborn/household", case=case,
                    now=NOW)  # fmt: skip
