"""A small town's store, and how its readings are marked."""

from pathlib import Path

import pytest
from town import FIVE, held, town

from mindu.data.senses.senses import Senses
from mindu.perceive.quality import Quality

HOUR = 12 * FIVE


@pytest.fixture
def senses(tmp_path: Path) -> Senses:
    return town(tmp_path)


def quality(senses: Senses, device: str = "g0", prop: str = "level") -> list[Quality]:
    return [Quality(q) for q in held(senses, device, prop).quality.tolist()]
