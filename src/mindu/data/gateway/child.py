"""The child: one locked DuckDB in a process of its own, which runs one query at a time.

It is started by its file, with nothing of the house in it: limits first, then the engine, then its
locks. It reads Parquet below some folders, writes nothing, and tells no error in words.
"""

import ctypes
import json
import os
import resource
import struct
import sys
from threading import Timer
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

GIVEN, FAILED, SLOW, HEAVY = b"G", b"F", b"S", b"H"
MOST_BYTES = 256 << 20  # of one answer
_NO_NEW_PRIVS = 38  # a number of Linux's prctl


def confine(memory: int, processor: int) -> None:
    """Take away what no query needs: files to write, more memory, more rights.

    It ends by itself when the parent is gone: its line is at an end then.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CPU, processor),
    ):
        resource.setrlimit(what, (most, most))


def locked(folders: list[str], memory: int, threads: int) -> duckdb.DuckDBPyConnection:
    """Return an engine that reads below some folders and can be set to nothing else."""
    engine = duckdb.connect(":memory:")
    for name, value in (
        ("allowed_directories", folders),
        ("enable_external_access", False),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("python_enable_replacements", False),
        ("max_temp_directory_size", "0MB"),
        ("memory_limit", f"{memory >> 20}MB"),
        ("threads", threads),
        ("enable_object_cache", True),
        ("lock_configuration", True),
    ):
        told = f"'{value}'" if isinstance(value, str) else json.dumps(value).replace('"', "'")
        engine.execute(f"SET {name}={told}")
    return engine


def answer(engine: duckdb.DuckDBPyConnection, sql: str, seconds: float) -> tuple[bytes, bytes]:
    """Run one query; return how it went, and the rows as an Arrow stream."""
    late = Timer(seconds, engine.interrupt)
    late.start()
    try:
        found = engine.sql(sql)
        return stream(found.to_arrow_table())
    except duckdb.InterruptException:
        return SLOW, b""
    except MemoryError:
        return HEAVY, b""
    except duckdb.Error as wrong:
        return (HEAVY if "memory" in str(wrong).lower() else FAILED), b""
    finally:
        late.cancel()


def stream(table: Any) -> tuple[bytes, bytes]:  # noqa: ANN401 - an Arrow table
    """Return rows as an Arrow stream, unless they are too many bytes."""
    if table.nbytes > MOST_BYTES:
        return HEAVY, b""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return GIVEN, out.getvalue().to_pybytes()


def serve(told: BinaryIO, said: BinaryIO) -> None:
    """Answer frame by frame until the parent is done."""
    how: dict[str, Any] = json.loads(frame(told))
    confine(how["space"], how["processor"])
    engine = locked(how["folders"], how["memory"], how["threads"])
    said.write(GIVEN)
    said.flush()
    while asked := frame(told):
        seconds, sql = json.loads(asked)
        head, body = answer(engine, sql, seconds)
        said.write(head + struct.pack(">Q", len(body)) + body)
        said.flush()


def frame(told: BinaryIO) -> bytes:
    """Return the next frame; nothing at the end."""
    head = told.read(4)
    return told.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""


if __name__ == "__main__":
    os.environ.clear()
    serve(sys.stdin.buffer, sys.stdout.buffer)
