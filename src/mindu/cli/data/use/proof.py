"""`mindu data proof`: sign the log's head, and write the proof of one receipt to a file."""

import argparse
from pathlib import Path

import msgspec

from mindu.cli.data.use.lake import opened
from mindu.cli.say import GOOD, Voice, state
from mindu.data.book import chain
from mindu.data.proof.notary import FILE, NAME, notes


def words(add: argparse.ArgumentParser) -> None:
    """Add the words of this verb."""
    add.add_argument("receipt", type=int, nargs="?", help="none: sign the head alone")
    add.add_argument("file", type=Path, nargs="?", default=Path("proof.json"))


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Sign, and prove what is asked for; `mindu.data.proof.alone` checks it anywhere."""
    with opened(asked) as lake:
        lake.notary.sign()
        log, size = lake.memory.log, lake.notary.size
        kept = list(notes(state(asked.data) / FILE))
        public = next(k.public for k in lake.notary.public() if k.suite.endswith("ed25519"))
        told: dict[str, object] = {
            "size": size,
            "root": log.root(size),
            "name": NAME,
            "key": public,
        }
        if asked.receipt is not None:
            body = chain.encode(log[asked.receipt]).hex()
            proof = {"seq": asked.receipt, "body": body, "note": kept[-1],
                     "inclusion": log.inclusion(asked.receipt, size)}  # fmt: skip
            asked.file.write_bytes(msgspec.json.encode(proof))
            told |= {"file": str(asked.file)}
    line = f"python -m mindu.data.proof.alone proof {asked.file} {NAME} {public}"
    voice.data(told, line if asked.receipt is not None else f"{size} {told['root']}\n{public}")
    return GOOD
