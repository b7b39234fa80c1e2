"""The map package: base maps beside the log, each with source, datum and review number."""

from pathlib import Path

import msgspec

from mindu.base.records import Value, Words
from mindu.cli.live.house import House
from mindu.cli.say import Trouble
from mindu.console.ask import Bad
from mindu.console.declared import Map
from mindu.console.feed import NotDecided
from mindu.console.maps.kept import Maps

FOLDER, PAPER = "maps", "maps.toml"
DATUM = "WGS-84"  # the one datum inside; others are converted before they come here
ENDINGS = (".geojson", ".pmtiles")


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One map of the package."""

    file: str
    zh: str
    en: str
    source: str
    datum: str
    review_no: str = ""  # 审图号


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of maps.toml."""

    map: tuple[Sheet, ...] = ()


def maps_in(data: Path) -> tuple[Map, ...]:
    """Return the maps of a city's folder; none where there is no package.

    Raises:
        Trouble: the paper cannot be read, or names a map that is not there or of another datum.
    """
    folder = data / FOLDER
    paper = folder / PAPER
    if not paper.exists():
        return ()
    try:
        package = msgspec.toml.decode(paper.read_bytes(), type=Package)
    except (msgspec.DecodeError, msgspec.ValidationError) as no:
        raise _wrong(
            f"{PAPER}: {no}", "give file, zh, en, source and datum of each [[map]]"
        ) from no
    return tuple(_map(folder, sheet) for sheet in package.map)


def maps_kept(folder: Path, house: House) -> Maps:
    """Return the maps of a city's folder; who brings one in or takes it back stands in its log."""

    def say(what: str, args: dict[str, Value], by: str) -> None:
        try:
            house.remark(0, what, args, by=by)
        except NotDecided as no:
            raise Bad(409, no.says, Words("Send it once more.", "请再提交一次。")) from no

    return Maps(folder, house.city.maps, say=say)


def _map(folder: Path, sheet: Sheet) -> Map:
    path = folder / sheet.file
    if Path(sheet.file).name != sheet.file or path.suffix not in ENDINGS or not path.is_file():
        raise _wrong(f"{sheet.file} is no map in {FOLDER}/", f"give a file: {', '.join(ENDINGS)}")
    if sheet.datum != DATUM:
        raise _wrong(f"{sheet.file} is in {sheet.datum or 'no datum'}", f"convert it to {DATUM}")
    return Map(
        name=sheet.file,
        title=Words(sheet.en, sheet.zh),
        source=sheet.source,
        datum=sheet.datum,
        review_no=sheet.review_no,
        path=path,
    )


def _wrong(what: str, mend: str) -> Trouble:
    return Trouble(Words(f"The maps: {what}.", f"地图包:{what}。"), Words(f"{mend}.", f"{mend}。"))
