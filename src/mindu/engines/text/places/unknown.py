"""Unknown: names that look like a road or an estate, that no gazetteer knows: without degrees."""

import re
from collections.abc import Collection, Iterator

from mindu.engines.text.places.place import Place

NAME = re.compile(
    r"(?:[\u4e00-\u9fff]{2,6}?)(?:小区|花园|花苑|新村|新苑|公寓|家园|佳园|"
    r"山庄|大厦|广场|[东西南北中]路|大道|路|街|巷)"
)
_ENDING = re.compile(r"小区|花园|花苑|新村|新苑|公寓|家园|佳园|山庄|大厦|广场|大道|路|街|巷")
_BEFORE = 7  # letters before an ending at which a name may begin: six, and the side of a road
_LEAD = re.compile(
    r"^.*(?:位于|住在|在|我们|我是|关于|反映|投诉|附近|请问|市|区|县|镇|"
    r"街道|的|这|那|该|本|各|某|个|和|与|从|到|至|一条|整条|门口)"
)
_EMPTY = re.compile(
    r"^(?:.{0,1}|道|马|公|铁|高速公|网|线|思|销|出|水|电|活|退|走|一|小|大|"
    r"老|旧|新|整个|我们|住宅|居民|商业|步行|安置)(?:小区|路|街|巷|广场|"
    r"花园|公寓|大道)$"
)


def unknown(
    text: str, taken: Collection[tuple[int, int]], districts: Collection[str]
) -> Iterator[Place]:
    """Yield the names of a text outside what is `taken` by known ones (start, end)."""
    for found in named(text):
        name = _bare(found[0])
        start = found.end() - len(name)
        if (
            len(name) < 3
            or _EMPTY.match(name)
            or any(start < end and begin < found.end() for begin, end in taken)
        ):
            continue
        kind = "road" if name[-1] in "路街巷道" else "estate"
        district = next(iter(districts)) if len(districts) == 1 else ""
        yield Place(name=name, kind=kind, shape="unknown", said=name, within=district,
                    district=district, confidence=0.2)  # fmt: skip


def _bare(found: str) -> str:
    """Return a name without what leads to it; its own ending leads nowhere."""
    ending = _ENDING.search(found, 2)
    cut = len(found) if ending is None else ending.start()
    return _LEAD.sub("", found[:cut]) + found[cut:]


def named(text: str) -> Iterator[re.Match[str]]:
    """Yield what looks like a name, as `NAME` finds it, looking only before known endings."""
    at = 0
    while (ending := _ENDING.search(text, at + 2)) is not None:
        first = max(at, ending.start() - _BEFORE)
        tries = (NAME.match(text, begin) for begin in range(first, ending.start() - 1))
        found = next((one for one in tries if one is not None), None)
        if found is not None:
            yield found
        at = found.end() if found else ending.start() - 1
