"""Personal columns lie sealed, each value under the key of whom its row is about."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sources import pulled

from mindu.data.collect.declare import Column, Csv, Source
from mindu.data.collect.pull import pull
from mindu.data.collect.store import Holding, Pull, files
from mindu.data.vault import CELL, Vault
from mindu.edge.collect.door import reader

ANNA, BEN = "350102199003070018", "35010219850612003X"
COLUMNS = (
    Column(name="code", heading="身份证号", personal=True),
    Column(name="name", heading="姓名", personal=True, required=True),
    Column(name="paid", heading="缴费", of="number", personal=True),
    Column(name="area", heading="区县"),
    Column(name="turn", of="whole"),
)
ROWS = f"{ANNA},陈安娜,12.5,鼓楼,1\n{BEN.lower()},林本,7,台江,2\n,无名氏,3,仓山,3\n"


def residents(path: Path, body: str = ROWS, **more: object) -> Source:
    path.write_text(f"身份证号,姓名,缴费,区县,turn\n{body}", encoding="utf-8")
    told = {"name": "residents", "columns": COLUMNS, "subject": "code", **more}
    return Source(read=Csv(path=str(path)), **told)  # type: ignore[arg-type]


def sealed(folder: Path, source: Source, vault: Vault) -> Pull:
    holding = Holding(folder, source, vault)
    try:
        return pull(holding, reader(source, Path("/"), folder.parent), lambda: 1_000)
    finally:
        holding.close()


def column(folder: Path, name: str) -> list[str | None]:
    found = [pq.read_table(path)[name].to_pylist() for path in files(folder)]
    return [value for values in found for value in values]


def test_no_personal_value_lies_in_a_file_and_each_is_opened_by_its_subjects_key(
    tmp_path: Path,
) -> None:
    vault, folder = Vault(tmp_path / "vault"), tmp_path / "held"
    told = sealed(folder, residents(tmp_path / "r.csv"), vault)
    assert (told.account.stored, told.account.whole) == (3, True)
    bodies = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    bodies += b"".join(p.read_bytes() for p in (tmp_path / "vault").iterdir())
    assert not [word for word in (ANNA, BEN, "陈安娜", "林本") if word.encode() in bodies]
    names = column(folder, "name")
    assert all(cell and cell.startswith(CELL) for cell in names)
    assert vault.unseal(names) == ["陈安娜", "林本", "无名氏"]
    assert vault.unseal(column(folder, "paid")) == ["12.5", "7", "3"]
    assert column(folder, "area") == ["鼓楼", "台江", "仓山"]
    assert column(folder, "_who") == [vault.subject(ANNA), vault.subject(BEN), None]
    vault.close()


def test_what_is_about_an_erased_person_is_unreadable_and_withheld_from_then_on(
    tmp_path: Path,
) -> None:
    vault, folder = Vault(tmp_path / "vault"), tmp_path / "held"
    source = residents(tmp_path / "r.csv")
    sealed(folder, source, vault)
    before = column(folder, "name")
    assert vault.erase(vault.subject(ANNA))
    assert vault.unseal(before) == [None, "林本", "无名氏"]
    told = sealed(folder, source, vault)
    assert told.account.stored == 3, "the row still counts; only what is personal is withheld"
    assert vault.unseal(column(folder, "name")) == [None, "林本", "无名氏"]
    assert vault.held(vault.subject(ANNA)) == ("", 0), "no new key was made"
    vault.close()


def test_a_person_sent_again_takes_the_place_of_the_older_row(tmp_path: Path) -> None:
    vault, folder = Vault(None), tmp_path / "held"
    more = {"mode": "incremental", "since": "turn", "key": "code"}
    sealed(folder, residents(tmp_path / "r.csv", **more), vault)
    news = f"{ANNA},陈安妮,1,马尾,4\n"
    told = sealed(folder, residents(tmp_path / "r.csv", news, **more), vault)
    assert (told.replaced, told.account.stored) == (1, 1)
    assert sorted(map(str, vault.unseal(column(folder, "name")))) == ["无名氏", "林本", "陈安妮"]


def test_a_changed_or_swapped_cell_is_noticed() -> None:
    vault = Vault(None)
    (one,), (two,) = vault.seal(["a"], [["x"]])[0], vault.seal(["b"], [["y"]])[0]
    assert one is not None
    assert two is not None
    with pytest.raises(ValueError, match="changed"):
        vault.unseal([f"{CELL}a.{two.partition('.')[2]}"])
    with pytest.raises(ValueError, match="no cell"):
        vault.unseal(["x"])
    assert vault.unseal([None, one]) == [None, "x"]


def test_personal_columns_need_a_subject_and_a_vault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whom a row is about"):
        Source(name="r", read=Csv(path="r.csv"), columns=COLUMNS)
    with pytest.raises(ValueError, match="only if it is the subject"):
        residents(tmp_path / "r.csv", key="name")
    with pytest.raises(ValueError, match="personal is what is"):
        Column(name="at", of="moment", personal=True)
    with pytest.raises(ValueError, match="vault"):
        pulled(tmp_path / "held", residents(tmp_path / "r.csv"))
