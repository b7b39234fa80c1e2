"""Following: after a pull the registers that it feeds are brought up to date by themselves."""

from pathlib import Path

from mindu.base.records import Words
from mindu.cli.register import held
from mindu.cli.register.build import builds, due, fed, told_of
from mindu.cli.say import Trouble, Voice


def follow(folder: Path, voice: Voice) -> bool:
    """Build what is due, and say whether all of it was built; the next look builds the rest."""
    try:
        late = due(folder, fed(folder))
        if late:
            with held.beside(folder) as town:
                for name, build in builds(town, late, voice):
                    voice.note(Words(f"{name} {told_of(build)}", f"{name} {told_of(build)}"))
    except (ValueError, KeyError, OSError, RuntimeError, Trouble) as wrong:
        voice.note(Words(f"registers: {wrong}", f"基础库:{wrong}"))
        return False
    return True
