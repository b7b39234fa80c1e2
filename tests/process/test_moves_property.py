"""No token is lost or doubled by any sequence of moves, whatever is drawn."""

from drawn import BLOCKS, MOVES, Block, Drawing, going_on, move
from hypothesis import HealthCheck, given, settings
from process_office import Office

from mindu.engines.process import Stuck
from mindu.engines.process.happenings import AnyHappening, Resume


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, MOVES)
def test_any_moves_in_any_process_lose_and_double_nothing(
    block: Block, moves: list[tuple[int, int, int]]
) -> None:
    office = Office(Drawing(block).definition()).start()
    for kind, which, where in moves:
        if office.state.status != "running":
            break
        happening = move(office, kind, which, where)
        before = office.state
        refused = tried(office, happening)
        assert "a join waits" not in refused, f"{happening} left a dead end: {refused}"
        assert not refused or office.state is before, "a refused move changes nothing"
    to_the_end(office)


def tried(office: Office, happening: AnyHappening | None) -> str:
    """Try a move; return why it is refused, empty where it is taken."""
    try:
        if happening is not None:
            office.does(happening)
    except Stuck as why:
        return why.en
    return ""


def to_the_end(office: Office) -> None:
    """Whatever was done, whoever goes on comes to the end, and once only."""
    if office.state.paused is not None:
        office.does(Resume(by="clerk", why="it came"))
    for turn in range(300):
        if office.state.status != "running":
            break
        happening = going_on(office, 0, turn)
        assert happening is not None
        office.does(happening)
    assert office.state.status == "ended", office.open()
    assert office.passed.count("end") == 1
    assert not office.state.tokens
    assert not office.state.frames
