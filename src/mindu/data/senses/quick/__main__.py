"""Compiles every kernel once and keeps the machine code, so that a node has only to load it."""

from mindu.base.compiling import compile_room
from mindu.data.senses.quick.beside import ROOM

compile_room(ROOM)
