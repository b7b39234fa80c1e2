"""Where the authority of a folder is found, without its library until it is needed."""

from pathlib import Path
from typing import TYPE_CHECKING

from mindu.data.senses.registry import Registry

if TYPE_CHECKING:
    from mindu.edge.certificates import Authority


def authority(folder: Path, registry: Registry) -> "Authority":
    """Return the authority of a folder; its library is loaded when it is first needed."""
    from mindu.edge.certificates import Authority  # noqa: PLC0415 - 8 MB, which few nodes need

    return Authority(folder, registry)
