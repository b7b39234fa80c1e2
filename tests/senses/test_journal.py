"""The journal under trouble: torn tails, damage, a full disk, a second writer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from town import LEVEL, T0, levels, town

from mindu.data.senses.deeds import MOST_PROPS
from mindu.data.senses.journal import Journal
from mindu.perceive.declare import Device, Model, Prop

FULL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from town import T0, levels, town
senses = town(Path(sys.argv[1]))
taken = 0
size = sum(p.stat().st_size for p in (senses.folder / "journal").glob("*.mj"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 3000, size + 3000))
for i in range(100):
    try:
        taken += senses.take([levels("g0", [3.0], start=T0 + i * 1000)], T0 + i * 1000)[0].stored
    except OSError as wrong:
        print(taken, senses.total().stored, senses.total().whole, wrong.errno)
        break
"""


def test_a_torn_tail_was_never_acknowledged_and_is_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write([(2, b"kept")])
    end = journal.end
    journal.close()
    (segment,) = tmp_path.glob("*.mj")
    for torn in (b"M", b"MJ\x01" + bytes(20), b"MJ\x01\x00\xff\x00\x00\x00" + bytes(40)):
        with segment.open("ab") as file:
            file.write(torn)
        again = Journal(tmp_path)
        assert again.torn == len(torn)
        assert again.end == end
        assert [body for _, _, body in again.since(0)] == [b"kept"]
        again.close()


@pytest.mark.parametrize("place", [48, 49, 54, 110])  # mark, mark, length, body of the first frame
def test_damage_to_what_was_acknowledged_is_told_not_mended(tmp_path: Path, place: int) -> None:
    journal = Journal(tmp_path)
    for i in range(3):
        journal.write([(2, b"x" * 50 + bytes([i]))])
    journal.close()
    (segment,) = tmp_path.glob("*.mj")
    body = bytearray(segment.read_bytes())
    body[place] ^= 1
    segment.write_bytes(body)
    with pytest.raises(ValueError, match="damaged at byte"):
        Journal(tmp_path)


@pytest.mark.parametrize("mark", ["kept", "lost"])
@pytest.mark.parametrize("frame", [-2, -1])
@pytest.mark.parametrize("place", [0, 5, 20, 60])  # mark, length, digest, body of a frame
def test_damage_in_the_last_two_frames_is_told_apart_from_a_torn_tail(
    tmp_path: Path, place: int, frame: int, mark: str
) -> None:
    journal = Journal(tmp_path)
    ends = [journal.write([(2, b"x" * 50 + bytes([i]))]) for i in range(3)]
    journal._fd, fd = -1, journal._fd  # killed: nothing is closed in order
    os.close(fd)
    os.close(journal._lock)
    (segment,) = tmp_path.glob("*.mj")
    body = bytearray(segment.read_bytes())
    body[48 + ends[frame - 1] + place] ^= 1
    segment.write_bytes(body)
    if mark == "lost":
        (tmp_path / "acknowledged").unlink()
    if mark == "kept" or frame == -2:
        with pytest.raises(ValueError, match="damaged at byte"):
            Journal(tmp_path)
    else:  # of the last frame nothing else says that it was ever synced
        assert Journal(tmp_path).end == ends[frame - 1]


def test_a_journal_that_was_cut_short_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write([(2, b"first")])
    journal.write([(2, b"second")])
    journal.close()
    (segment,) = tmp_path.glob("*.mj")
    segment.write_bytes(segment.read_bytes()[:-5])
    with pytest.raises(ValueError, match="acknowledged up to"):
        Journal(tmp_path)
    (tmp_path / "acknowledged").unlink()
    assert [body for _, _, body in Journal(tmp_path).since(0)] == [b"first"]


def test_segments_follow_one_another_and_old_ones_may_go(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment=200)
    for i in range(20):
        journal.write([(2, b"x" * 50 + bytes([i]))])
    journal.close()
    again = Journal(tmp_path, segment=200)
    assert [body[-1] for _, _, body in again.since(0)] == list(range(20))
    middle = list(again.since(0))[9][0]
    assert [body[-1] for _, _, body in again.since(middle)] == list(range(10, 20))
    assert again.drop(middle) > 2
    assert [body[-1] for _, _, body in again.since(middle)] == list(range(10, 20))
    with pytest.raises(ValueError, match="is gone"):
        list(again.since(0))
    again.close()


@pytest.mark.parametrize("held", [b"", b"MINDUJ1\n", bytes(48)])
def test_a_segment_that_a_crash_left_without_its_head_is_begun_anew(
    tmp_path: Path, held: bytes
) -> None:
    journal = Journal(tmp_path, segment=200)
    for i in range(4):
        journal.write([(2, b"x" * 50 + bytes([i]))])
    end = journal.end
    journal.close()
    (tmp_path / f"{end:020d}.mj").write_bytes(held)
    again = Journal(tmp_path, segment=200)
    assert again.end == end
    again.write([(2, b"after")])
    assert [body for _, _, body in again.since(end)] == [b"after"]
    again.close()


def test_a_segment_without_its_head_after_a_gap_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    end = journal.write([(2, b"kept")])
    journal.close()
    (tmp_path / f"{end + 100:020d}.mj").write_bytes(b"")
    with pytest.raises(ValueError, match="ends at"):
        Journal(tmp_path)


def test_what_the_register_cannot_hold_never_reaches_the_journal(tmp_path: Path) -> None:
    senses = town(tmp_path)
    other = Model(name="other", props=(LEVEL,))
    senses.declare(other)
    end = senses.journal.end
    many = [Device(id=f"n{i}", kind="gauge") for i in range(20_001)]
    with pytest.raises(ValueError, match="n0 is told twice"):
        senses.enrol([*many, Device(id="n0", kind="other")])
    senses.registry.props.update({f"p{i}": i for i in range(2, MOST_PROPS)})
    with pytest.raises(ValueError, match="names of properties"):
        senses.declare(Model(name="third", props=(Prop(name="new"),)))
    with pytest.raises(ValueError, match="names of properties"):
        senses.attach("g0", Prop(name="new"))
    senses.registry.devices["epoch"][0] = 255
    with pytest.raises(ValueError, match="use another id"):
        senses.rekey("g0")
    assert senses.journal.end == end
    senses.journal.close()


def test_one_folder_has_one_writer(tmp_path: Path) -> None:
    senses = town(tmp_path)
    with pytest.raises(RuntimeError, match="another process"):
        Journal(senses.folder / "journal")
    senses.close()


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    script = FULL.format(here=str(Path(__file__).parent))
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    taken, stored, whole, errno = ran.stdout.split()
    assert int(taken) == int(stored) > 0
    assert (whole, int(errno)) == ("True", 27)
    senses = town(tmp_path)
    assert senses.total().stored == int(taken)
    (after,) = senses.take([levels("g0", [3.0], start=T0 + int(taken) * 1000)], T0 + 100_000)
    assert after.stored == 1
    senses.close()
