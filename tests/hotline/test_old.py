"""Old tickets come in row by row: what can be read is taken, the rest is told apart and kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from house import counter
from mindu.brain.cases import State
from mindu.data.vault import Vault
from mindu.edge.counter.counter import Counter
from mindu.edge.counter.old import Account, bring
from mindu.edge.counter.papers import guessed, mapping, rows_of

HEAD = "留言编号,留言主题,留言时间,留言详情,答复意见,答复时间\n"
ROWS = (
    "1,路灯,2020/1/6 12:09:38,路灯不亮请联系13900001234,已修复,2020/1/8 9:00:00\n"
    "2,空,2020/1/6 12:09:38,,,\n"
    "3,坏时间,去年冬天,井盖丢了,,\n"
    "4,倒流,2020/1/6 12:09:38,垃圾没人清,已清,2019/1/8 9:00:00\n"
    "5,积水,2020/1/7 08:00:00,乌山路积水,,\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Counter:
    return counter(tmp_path)


def rows(tmp_path: Path, text: str, code: str = "utf-8") -> Iterator[dict[str, str]]:
    path = tmp_path / "old.csv"
    path.write_bytes(text.encode(code))
    return rows_of(path)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_row_is_taken_or_quarantined_with_a_reason(
    desk: Counter, tmp_path: Path, code: str
) -> None:
    account = bring(desk, "matter", rows(tmp_path, HEAD + ROWS, code), None)
    assert (account.read, account.taken, account.quarantined) == (5, 2, 3)
    assert sum(account.reasons.values()) == 3
    states = [desk.office.cases.state(number) for number in desk.office.cases]
    assert states == [State.CLOSED, State.RECEIVED]
    assert "13900001234" not in str(list(desk.office.memory.log))


def test_a_file_brought_twice_is_taken_once(desk: Counter, tmp_path: Path) -> None:
    bring(desk, "matter", rows(tmp_path, HEAD + ROWS), None)
    again = bring(desk, "matter", rows(tmp_path, HEAD + ROWS), None)
    assert (again.taken, again.before) == (0, 2)


def test_a_mapping_names_columns_times_and_services(desk: Counter, tmp_path: Path) -> None:
    how = mapping(
        '[columns]\ntext = "what"\nreceived = "when"\nservice = "kind"\n'
        '[time]\nformat = "%d.%m.%Y"\n[services]\nlight = "lamp"\n'
    )
    told = "what,when,kind\ndark street,05.01.2020,light\nloud,05.01.2020,music\n"
    account = bring(desk, "matter", rows(tmp_path, told), how)
    assert (account.taken, account.quarantined) == (1, 1)
    assert desk.office.cases.said(next(iter(desk.office.cases)), "service") == "lamp"
    with pytest.raises(ValueError, match="columns"):
        mapping('[columns]\ncolour = "x"\n')
    with pytest.raises(ValueError, match="--mapping"):
        guessed(["a", "b"])


def test_a_letter_by_mail_is_a_ticket(desk: Counter, tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(
        b"From: Li <li@example.org>\r\nSubject: =?utf-8?b?6Lev54Gv?=\r\nMessage-ID: <1@x>\r\n"
        b"Date: Mon, 06 Jan 2020 12:00:00 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "路灯坏了".encode()
    )
    assert bring(desk, "matter", rows_of(path), None) == Account(1, 1, 0, 0, {})
    number = next(iter(desk.office.cases))
    assert (desk.opening(number).title, desk.opening(number).text) == ("路灯", "路灯坏了")


def test_an_erased_person_cannot_be_read_again_and_a_changed_file_is_seen(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    who = vault.subject("138 0000 0001")
    assert who == vault.subject("13800000001")
    assert who != Vault(None).subject("13800000001"), "digests are keyed"
    vault.put(who, "who", {"phone": "13800000001"})
    vault.put("other", "who", {"phone": "1"})
    vault.close()
    files = [path.read_bytes() for path in (tmp_path / "vault").iterdir()]
    assert not any(b"13800000001" in told for told in files)
    again = Vault(tmp_path / "vault")
    assert again.get(who, "who") == {"phone": "13800000001"}
    assert again.erase(who)
    assert again.get(who, "who") is None
    again._values.execute("UPDATE value SET sealed = zeroblob(60)")
    with pytest.raises(ValueError, match="changed"):
        again.get("other", "who")
    again.close()
