"""Processes: an executable BPMN 2.0 profile, run by a pure step from state to state."""

from mindu.engines.process.bpmn.check import check
from mindu.engines.process.bpmn.read import read
from mindu.engines.process.changes import compare
from mindu.engines.process.core.machine import Engine
from mindu.engines.process.core.program import Library, Program, Said
from mindu.engines.process.happenings import AnyEffect, AnyHappening, Moved, Stuck
from mindu.engines.process.model import Definition, Node
from mindu.engines.process.state import Frame, Round, State, Token, Wait, dump, load

__all__ = [
    "AnyEffect",
    "AnyHappening",
    "Definition",
    "Engine",
    "Frame",
    "Library",
    "Moved",
    "Node",
    "Program",
    "Round",
    "Said",
    "State",
    "Stuck",
    "Token",
    "Wait",
    "check",
    "compare",
    "dump",
    "load",
    "read",
]
