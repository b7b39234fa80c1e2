"""Who asks for what is not there, or sends too much, is told so in their language."""

from pathlib import Path

import httpx
import pytest

from house import PATIENCE, counter, served
from mindu.cli.counter.house import city


@pytest.mark.parametrize(
    ("path", "form", "code", "says"),
    [
        ("/nothing?lang=en", None, 404, "There is no such page"),
        ("/nothing?lang=zh", None, 404, "没有这个页面"),
        ("/report?lang=zh", {"text": "路" * 100_000}, 400, "请缩短"),
        ("/desk/hints?lang=en", None, 405, "cannot be done here"),
        ("/open311/v2/nothing", None, 404, "Not Found"),
    ],
)
def test_what_cannot_be_shown_says_how_to_go_on(
    tmp_path: Path, path: str, form: dict[str, str] | None, code: int, says: str
) -> None:
    app = city(counter(tmp_path))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as line:
        got = line.get(path) if form is None else line.post(path, data=form)
    assert (got.status_code, says in got.text) == (code, True)


def test_a_picture_that_is_none_is_refused_in_the_callers_language(tmp_path: Path) -> None:
    photo = {"photo": ("x.jpg", b"no picture", "image/jpeg")}
    app = city(counter(tmp_path))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as line:
        got = [line.post(f"/report?lang={lang}", data={"text": "路灯坏了"}, files=photo).text
               for lang in ("zh", "en")]  # fmt: skip
    assert "照片无法打开" in got[0]
    assert "no picture that can be opened" in got[1]
    assert "can be opened" not in got[0]
