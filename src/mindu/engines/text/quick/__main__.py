"""Compiles every kernel once and keeps the machine code, so that a line has only to load it."""

from mindu.base.compiling import compile_room
from mindu.engines.text.quick.beside import ROOM

compile_room(ROOM)
