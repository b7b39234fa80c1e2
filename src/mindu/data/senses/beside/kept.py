"""All states that are kept beside the readings, in the order of their kinds of frames."""

from typing import NamedTuple

from mindu.data.senses.beside.amended import Amended
from mindu.data.senses.beside.commands import Commands
from mindu.data.senses.beside.down import Down
from mindu.data.senses.beside.entities import Entities
from mindu.data.senses.beside.fences import Fences
from mindu.data.senses.beside.keeping import Keeping
from mindu.data.senses.beside.loops import Loops
from mindu.data.senses.beside.words import Words


class Beside(NamedTuple):
    """One of each, the first of kind `COMMANDS`."""

    commands: Commands
    entities: Entities
    keeping: Keeping
    loops: Loops
    down: Down
    fences: Fences
    amended: Amended
    words: Words


def beside() -> Beside:
    """Return them as they begin."""
    commands = Commands()
    loops = Loops(commands)
    down = Down(commands, loops)
    return Beside(commands, Entities(), Keeping(), loops, down, Fences(), Amended(), Words())
