"""Take an .inp apart: sections in any case, quoted words, comments, each line with its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mindu.engines.hydraulics.reading.fields import FIELDS, InpError

LARGEST = 64 * 2**20  # bytes: a 100,000-node network is about half of it
MOST = 200_000  # lines of nodes or links a section: beyond it no judgement comes within the hour
PARTS = frozenset(
    {"SUBCATCHMENT", "JUNC", "OUTFALL", "STORAGE", "DIVIDER", "CONDUIT", "PUMP", "ORIFICE", "WEIR"}
)

# SWMM knows a section by how its name begins; this is its own list.
SECTIONS = (
    "TITLE", "OPTION", "FILE", "RAINGAGE", "TEMPERATURE", "EVAP", "SUBCATCHMENT", "SUBAREA",
    "INFIL", "AQUIFER", "GROUNDWATER", "SNOWPACK", "JUNC", "OUTFALL", "STORAGE", "DIVIDER",
    "CONDUIT", "PUMP", "ORIFICE", "WEIR", "OUTLET", "XSECT", "TRANSECT", "LOSS", "CONTROL",
    "POLLUT", "LANDUSE", "BUILDUP", "WASHOFF", "COVERAGE", "INFLOW", "DWF", "PATTERN", "RDII",
    "HYDROGRAPH", "LOADING", "TREATMENT", "CURVE", "TIMESERIES", "REPORT", "COORDINATE", "VERTICES",
    "POLYGON", "SYMBOL", "LABEL", "BACKDROP", "TAG", "PROFILE", "MAP", "LID_CONTROL", "LID_USAGE",
    "GWF", "ADJUSTMENT", "EVENT", "STREET", "INLET_USAGE", "INLET",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of data: its words, and where it stands."""

    words: tuple[str, ...]
    number: int  # 1 is the first line of the file
    section: str
    heading: str = ""  # as the file writes it

    def wrong(self, en: str, zh: str) -> InpError:
        """Return the error that names this line."""
        place = f"[{self.heading or self.section}]"
        return InpError(f"{place} line {self.number}: {en}", f"{place} 第 {self.number} 行：{zh}")

    def word(self, k: int, what: str) -> str:
        """Return word `k`, or say that it is missing."""
        if k >= len(self.words):
            raise self.wrong(
                f"{what} is missing; give it as word {k + 1} of the line",
                f"缺少{FIELDS[what]}，应为该行第 {k + 1} 个词",
            )
        return self.words[k]

    def number_at(self, k: int, what: str, *, default: float | None = None) -> float:
        """Return word `k` as a number; the default where the line is too short or shows `*`."""
        if default is not None and (k >= len(self.words) or self.words[k] == "*"):
            return default
        text = self.word(k, what)
        try:
            value = float(text)
        except ValueError:
            raise self.wrong(
                f"{what} is {text!r}; write a number", f"{FIELDS[what]}为 {text!r}，应为数字"
            ) from None
        if not abs(value) <= 1e30:
            raise self.wrong(
                f"{what} is {text!r}; write a finite number",
                f"{FIELDS[what]}为 {text!r}，应为有限数值",
            )
        return value


@dataclass(frozen=True, slots=True)
class Sections:
    """A whole file: its raw lines and its lines of data by section."""

    path: str
    raw: tuple[str, ...]
    lines: dict[str, tuple[Line, ...]]

    def of(self, section: str) -> tuple[Line, ...]:
        """Return the data lines of a section, none where the file has no such section."""
        return self.lines.get(section, ())


def decoded(raw: bytes) -> str:
    """Return text from UTF-8, else GB 18030, else Latin-1 bytes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def split(text: str) -> tuple[str, ...]:
    """Split a line into words; quotes keep blanks together, a semicolon ends the line."""
    words: list[str] = []
    rest = text.split(";", 1)[0].strip()
    while rest:
        if rest[0] == '"':
            word, _, rest = rest[1:].partition('"')
        else:
            word = rest.split(None, 1)[0]
            rest = rest[len(word) :]
        words.append(word)
        rest = rest.strip()
    return tuple(words)


def named(heading: str) -> str | None:
    """Return the section that a heading such as `[Junctions]` opens, None for an unknown one."""
    name = heading[1:].partition("]")[0].strip().upper()
    fits = [s for s in SECTIONS if name.startswith(s)]
    return max(fits, key=len, default=None)


def _walk(raw: tuple[str, ...]) -> Iterator[Line]:
    section: str | None = None
    heading = ""
    for number, text in enumerate(raw, start=1):
        stripped = text.strip()
        if stripped.startswith("["):
            section, heading = named(stripped), stripped[1:].partition("]")[0].strip()
            if section is None:
                raise InpError(
                    f"{stripped[:40]} line {number}: no such section; mend its name or take it out",
                    f"第 {number} 行 {stripped[:40]}：没有这一节，请改名或删去",
                )
        elif stripped and not stripped.startswith(";"):
            words = split(stripped)
            if words and section is not None:  # SWMM too passes over text before the first section
                yield Line(words, number, section, heading)


def taken_apart(text: str, path: str) -> Sections:
    """Take a text apart."""
    raw = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    lines: dict[str, list[Line]] = {}
    for line in _walk(raw):
        found = lines.setdefault(line.section, [])
        found.append(line)
        if line.section in PARTS and len(found) > MOST:
            raise line.wrong(
                f"more than {MOST:,} lines; split the network, or simplify it",
                f"超过 {MOST:,} 行，请拆分或简化管网",
            )
    if not lines:
        raise InpError(
            f"{path}: the file holds no sections; is this a SWMM 5 .inp file?",
            f"{path}：文件中没有任何一节，这是 SWMM 5 的 .inp 文件吗？",
        )
    return Sections(path, raw, {name: tuple(found) for name, found in lines.items()})


def read_sections(path: str | Path) -> Sections:
    """Read a file and take it apart; InpError where it is absent, huge or no text."""
    place = Path(path)
    try:
        size = place.stat().st_size
        if size > LARGEST:
            raise InpError(
                f"{path}: {size / 2**20:.0f} MiB; the limit is {LARGEST // 2**20} MiB, split it",
                f"{path}：{size / 2**20:.0f} MiB，上限为 {LARGEST // 2**20} MiB，请拆分",
            )
        raw = place.read_bytes()
    except OSError as wrong:
        raise InpError(
            f"{path}: cannot be read ({wrong.strerror}); check path and rights",
            f"{path}：无法读取（{wrong.strerror}），请检查路径与权限",
        ) from wrong
    if 0 in raw:
        raise InpError(
            f"{path}: holds zero bytes, so it is no text; save it as a SWMM 5 .inp",
            f"{path}：含有零字节，不是文本，请另存为 SWMM 5 的 .inp 文件",
        )
    return taken_apart(decoded(raw), str(path))
