"""The door for maps: a form with a file, taken from a steward, done or refused in words."""

from dataclasses import dataclass, field
from io import BytesIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from mindu.base.records import Words
from mindu.console.ask import Bad, missing, wrong
from mindu.console.maps.kept import Brought, Maps
from mindu.console.wire.desk import Desk
from mindu.console.wire.visit import Visit

BRING, UNDO = "/data/maps/bring", "/data/maps/undo"
SAID = {BRING: "done_map", UNDO: "done_map_undo"}  # what is said when it is done
ENDINGS = (".geojson", ".json", ".pmtiles")
LONGEST = 300  # characters of a field
FIELDS = 12
HERE = Words("place for maps", "地图存放处")
RUN = Words("Start the city with a folder: `mindu up`.", "请用 mindu up 启动。")
UNREAD = Words("The form cannot be read.", "表单无法读取。")
AGAIN = Words("Choose the file again and send it.", "请重新选择文件并提交。")


@dataclass(slots=True)
class Sent:
    """A form as it came: its fields, and the one file with its name."""

    fields: dict[str, str] = field(default_factory=dict)
    name: str = ""
    body: bytes = b""


def sent(visit: Visit) -> Sent:
    """Return the form of a visit.

    Raises:
        Bad: it cannot be read.
    """
    told = Sent()

    def on_field(one: Field) -> None:
        if len(told.fields) < FIELDS and one.field_name:
            value = (one.value or b"").decode("utf-8", "replace").strip()
            told.fields[one.field_name.decode("utf-8", "replace")] = value[: LONGEST + 1]

    def on_file(one: File) -> None:
        told.name = (one.file_name or b"").decode("utf-8", "replace")
        one.file_object.seek(0)
        told.body = one.file_object.read()
        one.close()

    kind = visit.headers.get("content-type", "")
    headers = {"Content-Type": kind.encode(), "Content-Length": str(len(visit.body)).encode()}
    try:
        parse_form(headers, BytesIO(visit.body), on_field, on_file)
    except (FormParserError, ValueError) as no:
        raise Bad(400, UNREAD, AGAIN, field="map") from no
    return told


def change(desk: Desk, visit: Visit, told: Sent) -> str:
    """Do what the form asks; return what is said of it.

    Raises:
        Bad: this visitor may not, or the map cannot be taken.
    """
    visit.must("steward")
    visit.trusted(told.fields.get("token", ""))
    assert visit.person is not None
    maps, by = need(desk), visit.person.name
    if visit.path == UNDO:
        maps.undo(told.fields.get("file", ""), by=by)
        return SAID[UNDO]
    if not told.name.lower().endswith(ENDINGS) or not told.body:
        raise wrong("map", f"a file: {', '.join(ENDINGS)}", f"文件({'、'.join(ENDINGS)})")
    title = Words(_field(told, "en"), _field(told, "zh"))
    if not (title.en or title.zh):
        raise wrong(
            "zh", "what the map is called, in one language at least", "地图名称(至少一种语言)"
        )
    source = _field(told, "source")
    if not source:
        raise wrong("source", "where the map comes from", "地图来源")
    maps.bring(told.body, Brought(
        file=told.name.lower(), title=title, source=source, datum=told.fields.get("datum", ""),
        review_no=_field(told, "review_no"), by=by, digest="",
    ))  # fmt: skip
    return SAID[BRING]


def need(desk: Desk) -> Maps:
    """Return where maps are kept.

    Raises:
        Bad: this city keeps none.
    """
    maps = desk.feed.maps
    if maps is None:
        raise missing(HERE, RUN)
    return maps


def _field(told: Sent, name: str) -> str:
    value = told.fields.get(name, "")
    if len(value) > LONGEST:
        raise wrong(name, f"at most {LONGEST} characters", f"最多 {LONGEST} 字")
    return value
