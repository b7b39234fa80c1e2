"""The forms that a message may have, by their names on the wire."""

from collections.abc import Callable

from mindu.perceive.said import Said
from mindu.perceive.wire.arrow import from_arrow, from_csv
from mindu.perceive.wire.rows import from_json, from_lines

JSON, LINES = "application/json", "application/x-ndjson"
FORMS: dict[str, Callable[[bytes], Said]] = {
    JSON: from_json,
    "": from_json,
    LINES: from_lines,
    "application/jsonl": from_lines,
    "application/vnd.apache.arrow.stream": from_arrow,
    "application/vnd.apache.arrow.file": from_arrow,
    "text/csv": from_csv,
}
