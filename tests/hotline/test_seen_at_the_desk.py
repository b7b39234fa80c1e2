"""What came with a matter is seen at the desk, and a form that was refused keeps its words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from re import search
from struct import pack
from zlib import crc32

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from house import KIND, NOON, PATIENCE, WIRE, counter, served
from mindu.apps.hotline.matter import FIRM
from mindu.base.records import Table
from mindu.brain.casework import rights
from mindu.brain.casework.board import pressing, standing
from mindu.brain.casework.month import dossiers
from mindu.brain.casework.office import Office, Wish
from mindu.brain.casework.rounds import sweep
from mindu.edge.counter import web
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.form import form
from mindu.edge.counter.letter import Letter
from mindu.edge.counter.pages import Look
from mindu.edge.counter.photos import redrawn
from mindu.edge.desk import doors
from mindu.edge.desk.dividing import divide

SECRET = "a secret of the tests"  # noqa: S105 - of the tests alone
KEY = sha256(SECRET.encode()).hexdigest()
ROLES = "operator dispatcher officer reviewer final_reviewer supervisor"
PEOPLE = (("anna", "Anna", "centre", ROLES, "3501", "", KEY),
          ("mei", "Mei", "mawei", ROLES, "350105", "", KEY))  # fmt: skip
ABOUT = {"topic": "streets.lamps", "nature": "help", "urgency": "normal"}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[str, Counter]]:
    desk = counter(tmp_path)
    desk.office.lay("roster", Table(rights.COLUMNS, PEOPLE, "the tests"), by="tests", now=NOON)
    app = Starlette(routes=[*web.routes(desk, KIND), *doors.routes(desk, KIND)])
    with served(app) as root:
        yield root, desk


@contextmanager
def signed_in(root: str, who: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=root, timeout=PATIENCE) as client:
        got = client.post("/desk/in", data={"officer": who, "secret": SECRET})
        assert got.status_code == 303, got.text
        yield client


def photo() -> bytes:
    held = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "the maker of the camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 4.0, 30.0), 3: "E", 4: (119.0, 18.0, 12.0)})
    Image.new("RGB", (64, 48), "teal").save(held, "JPEG", exif=exif)
    return held.getvalue()


def told(desk: Counter, text: str) -> int:
    letter = Letter(kind="matter", text=text, channel="telephone", area="350102")
    return desk.receive(letter).number


def test_pictures_and_the_point_stand_at_the_desk_for_who_may_read_the_case(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    data = {"text": "路灯不亮", "area": "350102", "lat": "26.0812", "long": "119.2965"}
    got = WIRE.post(f"{root}/report?lang=zh", data=data, files={"photo": ("a.jpg", photo())})
    assert got.status_code == 201
    number = max(desk.office.cases)
    where = f"/desk/case/{number}/{desk.opening(number).media[0]}.jpg"
    with signed_in(root, "anna") as anna:
        page = anna.get(f"/desk/case/{number}?lang=zh").text
        shown = anna.get(where)
        other = anna.get(f"/desk/case/{number}/{'0' * 40}.jpg")
    with signed_in(root, "mei") as mei:
        elsewhere = mei.get(where)
    assert f"<img src='{where}" in page
    assert "地图位置(纬度、经度): 26.08120, 119.29650" in page
    assert shown.headers["content-type"] == "image/jpeg"
    assert dict(Image.open(BytesIO(shown.content)).getexif()) == {}
    assert (other.status_code, elsewhere.status_code) == (404, 404)
    assert WIRE.get(f"{root}{where}").status_code == 401


def test_a_form_that_was_refused_keeps_what_was_typed(town: tuple[str, Counter]) -> None:
    root, _ = town
    data = {"text": "井盖 <b> 松动", "place": "五四路 120 号", "area": "350105", "service": "wages",
            "phone": "13800000001", "attribute[amount]": "1200", "lat": "91"}  # fmt: skip
    got = WIRE.post(f"{root}/report?lang=zh", data=data)
    assert got.status_code == 400
    for kept in ("井盖 &lt;b&gt; 松动</textarea>", 'value="五四路 120 号"', '"350105" selected',
                 'value="13800000001"', '"wages" selected', '"1200"', '"91"'):  # fmt: skip
        assert kept in got.text, kept
    broken = WIRE.post(f"{root}/report", data=data | {"lat": ""}, files={"photo": ("a", b"no")})
    assert "松动</textarea>" in broken.text


def test_a_divided_case_leads_to_its_parts_and_a_merged_one_to_its_master(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    number, twin, master = (told(desk, text) for text in ("路灯全黑", "井盖松动", "井盖响"))
    lead = desk.office.officer("anna")
    assert lead is not None
    desk.act(number, Wish(name="accept"), lead)
    desk.act(twin, Wish(name="accept"), lead)
    with signed_in(root, "anna") as anna:
        found = search(r"name='token' value='([0-9a-f]+)'", anna.get("/desk").text)
        assert found
        rows = {"unit0": "urban", "part0": "修灯", "unit1": "traffic", "part1": "指挥交通"}
        form = {"token": found[1], "move": "split", "seen": "1", **rows}
        divided = anna.post(f"/desk/case/{number}?lang=zh", data=form).text
        into = {"token": found[1], "move": "merge", "seen": "1", "into": str(master)}
        anna.post(f"/desk/case/{twin}", data=into)
        parts = desk.office.cases.link(number).children
        assert len(parts) == 2, divided
        part = anna.get(f"/desk/case/{parts[0]}?lang=zh").text
        below, above = (anna.get(f"/desk/case/{n}?lang=zh").text for n in (twin, master))
    assert "拆分子件" in divided
    assert all(f"/desk/case/{n}?lang=zh'>{n}</a>" in divided for n in parts)
    assert f"/desk/case/{number}?lang=zh'>{number}</a>" in part
    assert f"/desk/case/{master}?lang=zh'>{master}</a>" in below
    assert f"/desk/case/{twin}?lang=zh'>{twin}</a>" in above


def test_a_case_tells_its_topic_and_of_each_warning_the_colour_the_term_and_who_is_told(
    town: tuple[str, Counter],
) -> None:
    root, desk = town
    number = told(desk, "路灯不亮")
    anna = desk.office.officer("anna")
    assert anna is not None
    desk.act(number, Wish(name="accept"), anna)
    desk.act(number, Wish(name="classify", args=ABOUT), anna)
    with signed_in(root, "anna") as client:
        calm = client.get(f"/desk/case/{number}?lang=zh").text
        assert sweep(desk.office, NOON + timedelta(days=30, hours=2))
        zh, en = (client.get(f"/desk/case/{number}?lang={lang}").text for lang in ("zh", "en"))
    assert "<dt>事项类别</dt><dd>路灯不亮</dd>" in calm
    assert "预警" not in calm
    assert "紫色预警 · 总时限 · 效能办" in zh
    assert "efficiency" not in zh
    assert "purple · of the whole term · the efficiency office" in en
    assert "效能办" not in en


def test_with_a_unit_that_no_case_has_named_lies_nothing(town: tuple[str, Counter]) -> None:
    _, desk = town
    told(desk, "路灯不亮")
    assert pressing(desk.office, NOON, unit="centre") == []
    assert standing(desk.office, NOON, unit="centre", what="open") == []


def test_open_cases_on_a_board_lead_to_the_cases(town: tuple[str, Counter]) -> None:
    root, desk = town
    number = told(desk, "路灯不亮")
    anna = desk.office.officer("anna")
    assert anna is not None
    desk.act(number, Wish(name="accept"), anna)
    desk.act(number, Wish(name="classify", args=ABOUT), anna)
    desk.act(number, Wish(name="forward", unit="urban"), anna)
    with signed_in(root, "anna") as client:
        board = client.get("/desk/board?lang=zh").text
        behind = client.get("/desk/board?lang=zh&unit=urban&measure=open").text
        late = client.get("/desk/board?lang=zh&unit=urban&measure=overdue").text
    assert "unit=urban&amp;measure=open'>1</a>" in board
    assert f">{number}</a>" in behind
    assert f">{number}</a>" not in late
    assert "/desk?lang=zh" in board


def test_a_dossier_names_its_cases_also_before_one_of_them_went_wrong(
    town: tuple[str, Counter],
) -> None:
    _, desk = town
    number = told(desk, "路灯不亮")
    anna = desk.office.officer("anna")
    assert anna is not None
    desk.act(number, Wish(name="accept"), anna)
    desk.act(number, Wish(name="classify", args=ABOUT), anna)
    since, until = NOON.replace(day=1), NOON.replace(day=30)
    assert [one.named for one in dossiers(desk.office, since, until, now=NOON)] == [(number,)]


def test_a_caller_whose_matter_was_divided_is_one_of_the_people_of_its_topic(
    town: tuple[str, Counter],
) -> None:
    _, desk = town
    number, loose = told(desk, "路灯不亮"), told(desk, "井盖松动")
    anna = desk.office.officer("anna")
    assert anna is not None
    for one in (number, loose):
        desk.act(one, Wish(name="accept"), anna)
    desk.act(number, Wish(name="classify", args=ABOUT), anna)
    for one in (number, loose):
        rows = [("urban", "修复"), ("traffic", "指挥交通")]
        divide(desk, one, rows, anna, seen=int(desk.office.cases.row(one)["moves"]))
    since, until = NOON.replace(day=1), NOON.replace(day=30)
    found = dossiers(desk.office, since, until, now=NOON)
    assert [(one.topic, one.people, one.named) for one in found] == [
        ("streets.lamps", 1, (number,))
    ]


def test_a_bomb_is_refused_for_its_pixels_however_large_it_says_to_be() -> None:
    parts = ((b"IHDR", pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)), (b"IDAT", b""))
    told = (pack(">I", len(d)) + name + d + pack(">I", crc32(name + d)) for name, d in parts)
    with pytest.raises(ValueError, match="pixels: 40 million"):
        redrawn(b"\x89PNG\r\n\x1a\n" + b"".join(told))


def test_the_form_says_whether_it_is_for_people_or_for_firms(tmp_path: Path) -> None:
    desk = counter(tmp_path)
    office = Office(desk.office.memory, {KIND.name: KIND, FIRM.name: FIRM})
    desk = Counter(office, desk.vault, desk.photos, desk.clock)
    assert "12345 企业诉求" in form(Look(desk, FIRM, "zh", "/firms"))
    assert "Matter told to 12345" in form(Look(desk, KIND, "en", ""))
