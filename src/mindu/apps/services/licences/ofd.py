"""The licence as an OFD file (GB/T 33190): one page of text that any OFD reader can show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SPACE = "http://www.ofdspec.org/2016"
WIDTH, HEIGHT = 210.0, 297.0  # mm: A4
LEFT, TOP, STEP = 25.0, 35.0, 11.0  # mm
LONGEST = 34  # characters of a line at 5 mm
MOST_LINES = 22
STAMP = (1980, 1, 1, 0, 0, 0)  # the same file for the same licence
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def written(
    number: str,
    title: str,
    lines: Sequence[tuple[str, str]],
    *,
    issuer: str,
    issued: datetime,
    attached: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a one-page OFD file; `attached` (such as the signed record) lies inside it."""
    rows = [row for name, value in lines for row in _folded(f"{name}:{value}")]
    held = attached or {}
    rows += [f"签发机关:{issuer}", f"签发日期:{issued:%Y年%m月%d日}", f"证照编号:{number}"]
    if len(rows) > MOST_LINES:
        raise ValueError(f"{len(rows)} lines do not fit on a page of {MOST_LINES}: say less")
    parts = {
        "OFD.xml": _root(number, title, issued, held),
        "Doc_0/Document.xml": _document(),
        "Doc_0/PublicRes.xml": _fonts(),
        "Doc_0/Pages/Page_0/Content.xml": _page(title, rows),
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(ZipInfo(name, STAMP), (HEAD + text).encode())
        for name, body in held.items():
            packed.writestr(ZipInfo(f"Doc_0/Attachs/{name}", STAMP), body)
    return out.getvalue()


def _folded(text: str) -> list[str]:
    return [text[at : at + LONGEST] for at in range(0, max(len(text), 1), LONGEST)]


def _root(number: str, title: str, issued: datetime, attached: Mapping[str, bytes]) -> str:
    custom = "".join(
        f"<ofd:CustomData Name={quoteattr('attachment')}>{escape(name)}</ofd:CustomData>"
        for name in attached
    )
    listed = f"<ofd:CustomDatas>{custom}</ofd:CustomDatas>" if custom else ""
    doc_id = "".join(c for c in number if c.isalnum()).rjust(32, "0")[-32:]
    return (
        f'<ofd:OFD xmlns:ofd="{SPACE}" Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{doc_id}</ofd:DocID><ofd:Title>{escape(title)}</ofd:Title>"
        f"<ofd:Creator>Mindu</ofd:Creator>"
        f"<ofd:CreationDate>{issued:%Y-%m-%d}</ofd:CreationDate>{listed}</ofd:DocInfo>"
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document() -> str:
    return (
        f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID>'
        f"<ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "</ofd:Document>"
    )


def _fonts() -> str:
    return (
        f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="2" FontName="SimSun" FamilyName="SimSun"/></ofd:Fonts></ofd:Res>'
    )


def _page(title: str, rows: Sequence[str]) -> str:
    size = min(9.0, (WIDTH - 2 * LEFT) / max(len(title), 1))
    left = (WIDTH - size * len(title)) / 2
    texts = [_text(10, title, left, TOP, size)]
    texts += [_text(11 + at, row, LEFT, TOP + 25 + STEP * at, 5.0) for at, row in enumerate(rows)]
    return (
        f'<ofd:Page xmlns:ofd="{SPACE}"><ofd:Area><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}'
        '</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer ID="3">'
        f"{''.join(texts)}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _text(number: int, text: str, x: float, y: float, size: float) -> str:
    gaps = f'DeltaX="g {len(text) - 1} {size:g}"' if len(text) > 1 else ""
    box = f"{x:g} {y - size:g} {size * max(len(text), 1):g} {size * 1.4:g}"
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{box}" Font="2" Size="{size:g}">'
        f'<ofd:TextCode X="0" Y="{size:g}" {gaps}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )
