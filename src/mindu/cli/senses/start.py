"""`mindu edge` and `mindu senses`: a node keeps few pools of memory, and gives back the rest.

The allocators are told before the libraries that would fill them are loaded, and before the first
thread is started; so this room loads all else late.
"""

import argparse

from mindu.cli.say import Voice
from mindu.edge.allocator import small, steady


def edge(asked: argparse.Namespace, voice: Voice) -> int:
    """Run a small node that hands its readings on."""
    small()
    from mindu.cli.senses.serve import edge as run  # noqa: PLC0415 - loads what fills memory

    return run(asked, voice)


def senses(asked: argparse.Namespace, voice: Voice) -> int:
    """Open the doors until a signal comes, or run another verb of `mindu senses`."""
    if asked.what == "serve":
        steady()
        from mindu.cli.senses.serve import serve  # noqa: PLC0415 - loads what fills memory

        return serve(asked, voice)
    from mindu.cli.senses.verbs import senses as run  # noqa: PLC0415 - servers load slowly

    return run(asked, voice)
