"""What a material and its parts are called: by the licence that it is, or the forms that ask."""

from collections.abc import Iterable

from mindu.apps.services.licences.kinds import Named, worded
from mindu.apps.services.package import Package


def called(packages: Iterable[Package], kind: str) -> tuple[Named, dict[str, Named]]:
    """Return what a material is called, and each of its parts; what has no word is its code."""
    name, parts = worded(kind)
    parts = dict(parts)
    for package in packages:
        for field in package.filled().fields.values():
            of, _, part = field.source.path.partition(".")
            if of == kind and part and part not in parts:
                parts[part] = (field.label.en, field.label.zh)
                said = field.source.name
                name = (said.en, said.zh) if name == (kind, kind) and said.zh else name
    return name, parts
