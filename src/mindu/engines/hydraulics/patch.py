"""Write the copy of a model that we run: one thread, short runoff steps, our hand on the machines.

Every line keeps its number, so that an error of SWMM names the line of the original file; what
governs the run is said again at the end, where SWMM believes it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mindu.engines.hydraulics.inp import Changes
from mindu.engines.hydraulics.reading.aged import infiltration, renewed
from mindu.engines.hydraulics.reading.fields import InpError
from mindu.engines.hydraulics.reading.options import Options
from mindu.engines.hydraulics.reading.sections import Line, Sections

BEYOND_H = 24.0  # futures may look so far beyond the model's end
RUNOFF_S = 60.0  # s: rain that is set by call is heard at the next runoff step
LONGEST_LINE = 1000  # SWMM reads no further
FILE_AT = {"RAINGAGE": (4, 5), "TIMESERIES": (1, 2), "TEMPERATURE": (0, 1)}


class Patch:
    """Rewrites one file into a folder of its own."""

    def __init__(
        self, file: Sections, options: Options, changes: Changes, folder: Path, *, own_rules: bool
    ) -> None:
        self.file, self.options, self.changes, self.folder = file, options, changes, folder
        self.own_rules = own_rules
        self.raw = list(file.raw)
        self.told: list[str] = []
        self.links = 0
        self.infiltration = infiltration(file)

    def text(self) -> str:
        """Return the text to run."""
        for line in (line for lines in self.file.lines.values() for line in lines):
            self._line(line)
        return "\n".join([*self.raw, *self._last()]) + "\n"

    def _line(self, line: Line) -> None:
        if line.section != "TITLE" and self.raw[line.number - 1].lstrip().startswith('"'):
            self._unquote(line)
        if line.section == "CONTROL" and not self.own_rules:
            self._drop(line, "the file's [CONTROLS] are set aside")
        elif line.section == "REPORT" or self._saves(line):
            self._drop(line, "")
        elif line.section == "PUMP" and not self.own_rules:
            self._pump(line)
        elif line.section in {"CONDUIT", "TRANSECT"}:
            self._rough(line)
        elif line.section == "SUBCATCHMENT":
            self._paved(line)
        elif line.section in {"OPTION", "INFIL"}:
            self._renew(line)
        else:
            self._files(line)

    def _renew(self, line: Line) -> None:
        words, why = renewed(line, self.infiltration)
        if words:
            self._write(line, words)
            self._tell(why)

    def _tell(self, why: str) -> None:
        if why not in self.told:
            self.told.append(why)

    def _unquote(self, line: Line) -> None:
        """Take the quotes off a first name: SWMM counts its objects with them, and finds none."""
        if " " in line.words[0]:
            name = line.words[0]
            raise line.wrong(
                f"SWMM takes no blank in the name {name!r}; write _ instead",
                f"SWMM 的名称 {name!r} 中不得有空格，请改用 _",
            )
        self._write(line, {})

    def _drop(self, line: Line, why: str) -> None:
        self.raw[line.number - 1] = ";"
        if why:
            self._tell(why)

    def _saves(self, line: Line) -> bool:
        return line.section == "FILE" and line.words[0].upper() == "SAVE"

    def _write(self, line: Line, words: dict[int, str]) -> None:
        new = [words.get(k, word) for k, word in enumerate(line.words)]
        rest = (f'"{w}"' if " " in w or not w else w for w in new[1:])
        text = " ".join([new[0], *rest])
        if len(text) > LONGEST_LINE:
            raise line.wrong("the line is too long for SWMM; split it", "该行对 SWMM 过长，请拆开")
        self.raw[line.number - 1] = text

    def _pump(self, line: Line) -> None:
        depths = {k: "0" for k in (5, 6) if k < len(line.words)}
        if any(line.words[k].strip("0.*+-") for k in depths):
            self._write(line, depths)
            self._tell("the pumps' startup and shutoff depths are set aside")

    def _rough(self, line: Line) -> None:
        factor = self.changes.roughness
        river = line.section == "TRANSECT"
        if factor == 1.0 or (river and line.words[0].upper() != "NC"):
            return
        places = range(1, min(4, len(line.words))) if river else (4,)
        self._write(line, {k: repr(line.number_at(k, "roughness") * factor) for k in places})

    def _paved(self, line: Line) -> None:
        if self.changes.imperviousness != 1.0:
            share = line.number_at(4, "the paved share, %") * self.changes.imperviousness
            self._write(line, {4: repr(min(share, 100.0))})

    def _files(self, line: Line) -> None:
        if line.section == "FILE":
            if len(line.words) > 2:
                self._write(line, {2: self._beside(line, line.words[2])})
        elif line.section == "LID_USAGE":
            if len(line.words) > 8:
                self._write(line, {8: "*"})
        elif line.section in FILE_AT:
            word, name = FILE_AT[line.section]
            if len(line.words) > name and line.words[word].upper() == "FILE":
                self._write(line, {name: self._beside(line, line.words[name])})

    def _beside(self, line: Line, name: str) -> str:
        """Link a file that the model reads into our folder; return its name there."""
        home = Path(self.file.path).resolve().parent
        bare = name.replace("\\", "/")
        tries = (home / name, home / bare, home / bare.rsplit("/", maxsplit=1)[-1])
        found = next((p for p in tries if _is_file(p)), None)
        if found is None:
            raise line.wrong(
                f"file {name!r} is not there; put it beside the model",
                f"没有文件 {name!r}，请放在模型旁边",
            )
        self.links += 1
        short = f"x{self.links}{found.suffix[:8]}".replace(" ", "")
        (self.folder / short).symlink_to(found.resolve())
        return str(self.folder / short)

    def _last(self) -> Iterator[str]:
        start = datetime.fromtimestamp(self.options.start, UTC)
        hours = max(self.options.hours, self.changes.hours or 0.0) + BEYOND_H
        end = start + timedelta(hours=hours)
        route = self.options.seconds("ROUTING_STEP", 20.0)
        yield "[OPTIONS]"
        yield "THREADS 1"
        for name, default in (("WET_STEP", 300.0), ("DRY_STEP", 3600.0)):
            step = int(min(self.options.seconds(name, default), max(RUNOFF_S, route)))
            yield f"{name} {_clock(max(step, 1))}"
        yield f"REPORT_START_DATE {start:%m/%d/%Y}"
        yield f"REPORT_START_TIME {start:%H:%M:%S}"
        yield f"END_DATE {end:%m/%d/%Y}"
        yield f"END_TIME {end:%H:%M:%S}"
        yield f'TEMPDIR "{self.folder}"'
        yield "[REPORT]"
        yield "INPUT NO"
        yield "CONTROLS NO"
        yield "FLOWSTATS YES"


def _clock(s: int) -> str:
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def written(patch: Patch) -> Path:
    """Write the copy that we run; return its path."""
    path = patch.folder / "model.inp"
    text = patch.text()
    if len(str(path)) > 240:
        raise InpError(
            f"{path}: the folder's name is too long for SWMM; set TMPDIR to a shorter one",
            f"{path}：目录名对 SWMM 过长，请把 TMPDIR 设为较短的目录",
        )
    path.write_text(text, encoding="utf-8")
    return path
