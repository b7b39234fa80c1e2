"""The drill: a row is changed, a log is forked, a file is rolled back, and each is noticed."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
from govern_house import NOON

from mindu.base.records import Event, Receipt
from mindu.base.seal import SUITES, Signer, signer
from mindu.data.book import chain
from mindu.data.grants import receipts
from mindu.data.log import Log
from mindu.data.proof import alone, keys
from mindu.data.proof.audit import Found, audit
from mindu.data.proof.notary import FILE, Notary, held_against, notes, read

NAME = "fuzhou.example/log"
KEY = signer("sha256-ed25519", bytes(range(32)))
NATIONAL = signer("sm3-sm2", SUITES["sm3-sm2"].secret())
ALONE = Path(alone.__file__)


def receipt(number: int) -> Receipt:
    return Receipt(
        us=number, who="wei 卫", department="350100-yjj", action="query", datasets=("calls",),
        purpose="flood 防汛", basis="law", reference="case:1", ask="00", allowed=True,
        policies=("a",), version="v", duties=("mask phone:middle",), rows=3, subjects=("s",),
    )  # fmt: skip


def begin(log: Log, key: Signer = KEY) -> None:
    told = {"suite": key.suite, "public": key.public.hex()}
    log.append(Event("receipt_key", dict(told)), at=NOON, about="gateway", by="gateway")


def use(log: Log, since: int, count: int, key: Signer = KEY) -> None:
    for number in range(since, since + count):
        told = receipts.signed(receipt(number), key)
        log.append(told, at=NOON, about="dataset:calls", by="wei", because=(0,))
    log.commit()


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """Return a folder with a log of 700 receipts, signed for at 301 and 701 entries."""
    with Log.open(str(tmp_path / "city.mindu")) as log:
        begin(log)
        notary = Notary(log, tmp_path / FILE, NAME, [KEY, NATIONAL])
        use(log, 0, 300)
        notary.sign()
        use(log, 300, 400)
        notary.sign()
    return tmp_path


def checked(*words: object) -> tuple[int, str]:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = alone.main([str(word) for word in words])
    return code, said.getvalue()


def whole(folder: Path) -> tuple[int, str]:
    return checked("log", folder / "city.mindu", folder / FILE, NAME, KEY.public.hex())


def change(folder: Path, *statements: str) -> None:
    db = sqlite3.connect(folder / "city.mindu", isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def test_the_verifier_stands_alone_and_is_short() -> None:
    text = ALONE.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert "import mindu" not in text
    assert "from mindu" not in text


def test_the_verifier_runs_where_nothing_of_ours_is(city: Path) -> None:
    shutil.copy(ALONE, city / "alone.py")
    words = (city / "alone.py", "log", city / "city.mindu", city / FILE, NAME, KEY.public.hex())
    done = subprocess.run(
        [sys.executable, "-I", *map(str, words)], capture_output=True, check=False, cwd=city
    )
    assert (done.returncode, done.stdout[:19]) == (0, b"sound: 701 entries,")


def test_a_sound_log_is_found_sound_by_both(city: Path) -> None:
    code, said = whole(city)
    assert (code, said[:44]) == (0, "sound: 701 entries, 700 receipts, 2 notes, h")
    with Log.read(str(city / "city.mindu")) as log:
        log.verify()
        for one in read(city / FILE, NAME, Notary(log, city / FILE, NAME, [KEY]).public()):
            assert held_against(log, one) is None


def test_a_changed_row_is_noticed(city: Path) -> None:
    change(
        city,
        "UPDATE entry SET body = CAST(replace(body, 'flood', 'frost') AS BLOB) WHERE seq = 40",
    )
    code, said = whole(city)
    assert code == 1
    assert "NOT SOUND" in said
    with Log.read(str(city / "city.mindu")) as log, pytest.raises(ValueError, match="40 was chang"):
        log.verify()


def test_a_row_changed_together_with_the_whole_chain_after_it_is_noticed(city: Path) -> None:
    """The writer itself cheats: it writes a log that is sound in itself, but is another."""
    forged = city / "forged"
    forged.mkdir()
    with Log.open(str(forged / "city.mindu")) as log:
        begin(log)
        use(log, 0, 299)
        use(log, 900, 401)
        log.verify()
    shutil.copy(city / FILE, forged / FILE)
    code, said = whole(forged)
    assert code == 1
    assert "the first 301 are not as signed: forked" in said
    with Log.read(str(forged / "city.mindu")) as log:
        (first, _) = read(forged / FILE, NAME, Notary(log, forged / FILE, NAME, [KEY]).public())
        broken = held_against(log, first)
        assert broken is not None
        assert "forked" in broken.en


def test_a_log_that_was_rolled_back_is_noticed(tmp_path: Path) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        begin(log)
        use(log, 0, 10)
    shutil.copy(tmp_path / "city.mindu", tmp_path / "older")
    with Log.open(str(tmp_path / "city.mindu")) as log:
        use(log, 10, 10)
        Notary(log, tmp_path / FILE, NAME, [KEY]).sign()
    shutil.copy(tmp_path / "older", tmp_path / "city.mindu")
    code, said = whole(tmp_path)
    assert (code, "rolled back: 21 entries were signed, 11 are here" in said) == (1, True)
    with Log.read(str(tmp_path / "city.mindu")) as log:
        log.verify()  # sound in itself: only the note tells
        (note,) = read(tmp_path / FILE, NAME, Notary(log, tmp_path / FILE, NAME, [KEY]).public())
        broken = held_against(log, note)
        assert broken is not None
        assert "rolled back" in broken.en


def test_a_missing_row_and_a_false_head_are_noticed(city: Path) -> None:
    change(city, "DELETE FROM entry WHERE seq = 700")
    assert "the head does not vouch" in whole(city)[1]
    change(city, "UPDATE head SET size = 700")
    assert whole(city)[0] == 1
    change(city, "DELETE FROM entry WHERE seq = 5")
    assert "entry 5 is missing" in whole(city)[1]


def test_a_receipt_with_a_foreign_signature_is_noticed(tmp_path: Path) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        begin(log)
        told = receipts.signed(receipt(1), signer("sha256-ed25519", bytes(32)))
        log.append(told, at=NOON, about="dataset:calls", by="wei")
    code, said = checked("log", tmp_path / "city.mindu")
    assert (code, "a key that the log does not name" in said) == (1, True)


def test_one_receipt_is_proved_without_the_log(city: Path) -> None:
    with Log.read(str(city / "city.mindu")) as log:
        old, new = notes(city / FILE)
        told = {
            "seq": 123, "body": chain.encode(log[123]).hex(), "note": new, "older": old,
            "inclusion": log.inclusion(123, 701), "consistency": log.consistency(301, 701),
        }  # fmt: skip
    path = city / "proof.json"

    def said(**other: object) -> tuple[int, str]:
        path.write_text(json.dumps({**told, **other}), encoding="utf-8")
        return checked("proof", path, NAME, KEY.public.hex())

    assert said() == (0, "sound: entry 123 of 701\n")
    assert said(seq=124)[0] == 1
    assert said(body="00")[0] == 1
    assert said(inclusion=[])[0] == 1
    assert said(consistency=[])[0] == 1
    assert said(older=new, consistency=[])[0] == 0
    assert said(note=new.replace("701", "702"))[0] == 1
    assert checked("proof", path, "someone", KEY.public.hex())[0] == 1


@pytest.mark.parametrize("suite", list(SUITES))
def test_a_receipt_holds_for_its_words_and_key_alone(suite: str) -> None:
    key = KEY if suite == KEY.suite else NATIONAL
    told = receipts.signed(receipt(1), key)
    assert receipts.sound(told, key.public)
    for other in ({"purpose": "x"}, {"allowed": False}, {"subjects": ()}, {"rows": 4}):
        assert not receipts.sound(type(told)(**{**_asdict(told), **other}), key.public)  # type: ignore[arg-type]


def _asdict(told: Receipt) -> dict[str, object]:
    return {name: getattr(told, name) for name in told.__struct_fields__}


def test_a_note_cut_off_by_a_crash_is_passed_over(city: Path) -> None:
    with (city / FILE).open("ab") as file:
        file.write(b'{"note":"fuzhou.exa')
    assert len(list(notes(city / FILE))) == 2


class Stalled:
    """A signing machine that answers only when it is told to."""

    suite, public = KEY.suite, KEY.public

    def __init__(self) -> None:
        self.asked, self.go = Flag(), Flag()

    def sign(self, told: bytes) -> bytes:
        self.asked.set()
        assert self.go.wait(60)
        return KEY.sign(told)


def test_a_signer_that_stalls_holds_nobody_up_and_leaves_one_note_behind(tmp_path: Path) -> None:
    with Log.open(str(tmp_path / "city.mindu")) as log:
        begin(log)
        slow = Stalled()
        notary = Notary(log, tmp_path / FILE, NAME, [slow])
        use(log, 0, 50)
        line = Thread(target=notary.sign)
        line.start()
        assert slow.asked.wait(60)
        use(log, 50, 500)
        assert log.durable == 551
        slow.go.set()
        line.join()
        said = notary.sign()
        assert said is not None
        assert said.size == 551
        assert notary.sign() is None
    assert sha256((tmp_path / FILE).read_bytes()).digest()
    assert [n.split("\n")[1] for n in notes(tmp_path / FILE)] == ["51", "551"]


def test_the_audit_holds_receipts_and_notes_against_the_log(tmp_path: Path) -> None:
    key = keys.opened(tmp_path / "receipt.key", "sha256-ed25519")
    national = keys.opened(tmp_path / "note.key", "sm3-sm2")
    assert (tmp_path / "note.key").stat().st_mode & 0o777 == 0o600
    with Log.open(str(tmp_path / "city.mindu")) as log:
        for _ in range(2):
            keys.announce(log, keys.RECEIPTS, key, NOON)
            keys.announce(log, keys.NOTES, national, NOON)
        use(log, 0, 20, key)
        Notary(log, tmp_path / FILE, NAME, [national]).sign()
        assert audit(log, tmp_path / FILE, NAME) == Found(receipts=20, notes=1)
        with pytest.raises(ValueError, match="did not sign"):
            audit(log, tmp_path / FILE, "another")
        use(log, 20, 1, KEY)
        with pytest.raises(ValueError, match="receipt 22 was signed by a key"):
            audit(log, tmp_path / FILE, NAME)
