"""Models of the hotline as files: written whole or not at all, and a broken one is said so."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mindu.base.records import Words
from mindu.cli.say import Trouble
from mindu.engines.text import ModelError
from mindu.engines.text.places.tagger import TaggerError

Made = TypeVar("Made")


def learned(learn: Callable[[], Made]) -> Made:
    """Return what `learn` makes; too few examples are said as trouble."""
    try:
        return learn()
    except ValueError as wrong:
        raise Trouble(
            Words(f"Nothing was learned: {wrong}.", f"没有学成:{wrong}。"),
            Words("Give a file with more labelled rows.", "请提供更多带标签的数据。"),
        ) from wrong


def opened(path: Path, read: Callable[[bytes], Made]) -> Made:
    """Return the model in a file; raise Trouble when it is missing, cut or changed."""
    try:
        return read(path.read_bytes())
    except OSError as wrong:
        raise Trouble(
            Words(f"There is no model at {path} ({wrong.strerror}).", f"{path} 处没有模型。"),
            Words(
                "Make one: mindu hotline train FILE --out MODEL.",
                "请先运行 mindu hotline train FILE --out MODEL。",
            ),
        ) from wrong
    except (ModelError, TaggerError) as wrong:
        raise Trouble(
            Words(f"{path.name}: {wrong}.", f"{path.name} 不是完整的模型。"),
            Words("Train or copy it again.", "请重新训练或重新复制。"),
        ) from wrong


def written(path: Path, stored: bytes) -> None:
    """Write a model beside its name, then give it the name: nobody reads half of it."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(stored)
        half.replace(path)
    except OSError as wrong:
        half.unlink(missing_ok=True)
        raise Trouble(
            Words(f"{path} cannot be written ({wrong.strerror}).", f"无法写入 {path}。"),
            Words("Name a file in a folder that you may write to.", "请换一个可写的位置。"),
        ) from wrong
