"""The doctor looks into the newest backup: at its paper, sizes, and digests while time allows."""

import gzip
import re
import shutil
import tarfile
from pathlib import Path

import pytest
from city_kept import NOW, city, kept

from mindu.cli.keeping.backup import newest
from mindu.data.keeping.looking import looked
from mindu.data.keeping.paper import CITY, PAPER, Unfit, source

FORMS = ("one", "one.tar", "one.tar.gz", "one.tgz")


def files(where: Path) -> int:
    """Return how many files a backup holds."""
    with source(where) as (_, paper):
        return len(paper.files)


def changed(file: Path, name: str) -> None:
    """Change one byte: of a plain tar one that is a file's, for between files nothing is kept."""
    body = bytearray(file.read_bytes())
    at = len(body) // 2
    if name == "one.tar":
        with tarfile.open(file) as tar:
            longest = max(tar, key=lambda member: member.size)
            at = longest.offset_data + longest.size // 2
    body[at] ^= 1
    file.write_bytes(body)


@pytest.mark.parametrize("name", FORMS)
def test_a_changed_byte_in_the_newest_backup_is_found_and_said_with_how_to_mend_it(
    name: str, tmp_path: Path
) -> None:
    folder = city(tmp_path / "city")
    where = Path(kept(folder, tmp_path / name).where)
    sound, count = newest(folder, NOW, "en"), files(where)
    assert (sound.good, f"{count} of {count} files held" in sound.value) == (True, True)
    file = where / CITY / "people.db" if where.is_dir() else where
    changed(file, name)
    hurt = newest(folder, NOW, "zh")
    assert not hurt.good
    assert re.search("备份后被改动|不是完整的备份", hurt.value), hurt.value
    assert "0.0 小时前" in hurt.value
    assert "另做一份" in hurt.mend.zh


def test_a_change_between_the_files_of_a_packed_backup_is_found_by_the_sum_at_its_end(
    tmp_path: Path,
) -> None:
    folder = city(tmp_path / "city")
    where = Path(kept(folder, tmp_path / "one.tgz").where)
    body = bytearray(gzip.decompress(where.read_bytes()))
    with tarfile.open(where) as tar:
        short = next(member for member in tar if member.isfile() and member.size % 512)
    body[short.offset_data + short.size] ^= 1  # what fills up the last block of a file
    packed = bytearray(gzip.compress(bytes(body)))
    packed[-8:-4] = where.read_bytes()[-8:-4]  # the sum that was written when it was whole
    where.write_bytes(packed)
    assert "不是完整的备份" in newest(folder, NOW, "zh").value


@pytest.mark.parametrize("name", FORMS[1:])
def test_a_backup_that_was_cut_off_or_taken_away_is_none(name: str, tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    where = Path(kept(folder, tmp_path / name).where)
    where.write_bytes(where.read_bytes()[: where.stat().st_size // 2])
    assert "no whole backup" in newest(folder, NOW, "en").value
    where.unlink()
    lost = newest(folder, NOW, "en")
    assert (lost.good, "is not there" in lost.value) == (False, True)
    assert "Put that disk back" in lost.mend.en


def test_a_large_backup_is_read_in_part_and_the_sizes_of_all_its_files_are_seen(
    tmp_path: Path,
) -> None:
    folder = city(tmp_path / "city")
    made = kept(folder, tmp_path / "one.tar")
    assert looked(made, most=1).read < looked(made).read == files(Path(made.where))
    with tarfile.open(made.where) as tar:
        last = [member for member in tar if member.isfile()][-1]
    Path(made.where).write_bytes(Path(made.where).read_bytes()[: last.offset])
    with pytest.raises(Unfit, match="no whole backup"):
        looked(made, most=1)


def test_of_a_large_packed_backup_the_beginning_is_read(tmp_path: Path) -> None:
    made = kept(city(tmp_path / "city"), tmp_path / "one.tgz")
    assert looked(made, most=1).read == 0


def test_another_backup_in_its_place_is_none_of_this_city(tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    made = kept(folder, tmp_path / "one.tar")
    other = kept(city(tmp_path / "other", 30), tmp_path / "two.tar")
    shutil.move(other.where, made.where)
    assert "another backup" in newest(folder, NOW, "en").value


def test_a_backup_whose_paper_is_gone_is_none(tmp_path: Path) -> None:
    folder = city(tmp_path / "city")
    made = kept(folder, tmp_path / "one")
    (Path(made.where) / PAPER).unlink()
    assert PAPER in newest(folder, NOW, "en").value
