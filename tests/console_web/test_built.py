"""What ships is what was written: made from these sources, small, fit for a strict policy."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from made import ROOT, STATIC, TYPES, WEB, built, digest, node, packed, reached, sources

FIRST = 60_000  # bytes, gzip: console JS on first load without map
WITH_MAP = 450_000  # bytes, gzip: with the map and its worker
LINES = 200
DRAWN = ("bpmn-", "dmn-", "shapes-")  # processes, decisions, and what both need
HEAVY = ("draw-", "view-", *DRAWN)  # charts, map and diagrams: loaded only where they are seen
PROCESS, DECISION = 200_000, 350_000  # bytes, gzip: what a diagram of each kind adds
SCRIPTS = sorted(STATIC.rglob("*.js"))
ELSEWHERE = re.compile(r"""(?:fetch|EventSource|WebSocket|importScripts)\(\s*["'`](?:\w+:)?//""")


def test_the_built_files_are_made_from_these_sources_and_untouched_since() -> None:
    told = (STATIC / "made-from.txt").read_text(encoding="utf-8").split()
    now = ["sources", digest(WEB, sources()), "built", digest(STATIC, built())]
    assert told == now, "web/ changed since the last build: run `make web`, commit the result"


def test_the_console_without_its_map_is_light() -> None:
    light = [p for p in reached("console.js") if not p.name.startswith((*HEAVY, "crs-"))]
    assert any(p.name.startswith("alerts-") for p in light), "nothing was counted"
    assert sum(packed(p) for p in light) <= FIRST


def test_the_console_with_its_map_and_worker_keeps_its_measure() -> None:
    apart = ("draw-", *DRAWN)
    whole = [p for p in reached("console.js", "map-worker.js") if not p.name.startswith(apart)]
    assert any(p.name.startswith("view-") for p in whole), "the map was not counted"
    assert sum(packed(p) for p in whole) <= WITH_MAP


@pytest.mark.parametrize(("kind", "most"), [("bpmn", PROCESS), ("dmn", DECISION)])
def test_a_diagram_keeps_its_measure(kind: str, most: int) -> None:
    named = (f"{kind}-", "shapes-")
    found = [p for p in (STATIC / "chunks").iterdir() if p.name.startswith(named)]
    assert {p.suffix for p in found} == {".js", ".css", ".woff2"}
    assert sum(packed(p) for p in found) <= most


def test_the_watermark_of_bpmn_io_ships_as_it_was_written() -> None:
    """The licence of the diagram libraries asks for it; NOTICE says so."""
    for kind, link in (("bpmn", "http://bpmn.io"), ("dmn", "http://bpmn.io")):
        (script,) = (STATIC / "chunks").glob(f"{kind}-*.js")
        text = script.read_text(encoding="utf-8")
        assert "bjs-powered-by" in text
        assert link in text
    sheet = (WEB / "src" / "models" / "models.css").read_text(encoding="utf-8")
    told = [line for line in sheet.splitlines() if "powered-by" in line]
    assert told
    assert not [line for line in told if re.search(r"display|opacity|visibility|clip", line)]
    assert "bpmn.io" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_diagrams_need_no_style_that_the_policy_forbids() -> None:
    (rules,) = (STATIC / "chunks").glob("dmn-*.js")
    text = rules.read_text(encoding="utf-8")
    assert "adoptedStyleSheets" in text
    assert not re.search(r"\.head\s*&&\s*\w+\.adoptedStyleSheets", text), (
        "the sheet is inline again"
    )


def test_map_and_charts_are_fetched_only_where_they_are_needed() -> None:
    door = (STATIC / "console.js").read_text(encoding="utf-8")
    at_once = re.findall(r'(?:from|import)"\./chunks/([^"]+)"', door)
    assert not [name for name in at_once if name.startswith(HEAVY)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_no_script_makes_code_from_text_or_calls_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plug_ins = path.name == "map-worker.js"  # MapLibre's door for plug-ins; the policy shuts it
    assert plug_ins or not re.search(r"\beval\(|new Function\(", text)
    assert not ELSEWHERE.search(text)


def test_the_lock_of_the_browser_side_carries_digests_and_no_addresses() -> None:
    locked = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    named = {name: row for name, row in locked.items() if name}
    assert len(named) > 30
    assert not [name for name, row in named.items() if "resolved" in row]
    assert not [name for name, row in named.items() if "integrity" not in row]


def test_licences_of_what_is_built_in_are_shipped() -> None:
    told = (STATIC / "licences.txt").read_text(encoding="utf-8")
    for name in ("lit", "maplibre-gl", "echarts", "zrender", "bpmn-js", "dmn-js", "diagram-js"):
        assert re.search(rf"\b{name}\b", told), f"{name} is built in without its licence"


def test_every_source_is_seen_at_a_glance_and_says_what_it_is_for() -> None:
    for path in (WEB / "src").rglob("*.ts"):
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.name == TYPES:
            continue
        assert len(lines) <= LINES, f"{path.name}: {len(lines)} lines"
        assert lines[0].startswith("// "), f"{path.name} does not say what it is for"
        assert lines[0].endswith("."), path.name


def test_the_elements_logic_holds_under_node() -> None:
    tests = sorted(str(p.relative_to(WEB)) for p in (WEB / "tests").glob("*.test.ts"))
    command = [node(), "--test", *tests]
    done = subprocess.run(
        command, cwd=WEB, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"pass [1-9]\d", done.stdout), "nothing was tried"
