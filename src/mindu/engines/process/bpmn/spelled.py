"""Spelled otherwise: expressions that are no FEEL by the letter and can mean only one thing."""

import re

from mindu.engines.rules.syntax.stream import KEYWORDS

# XPath is BPMN's own language where a file names none; what conditions need of it is little.
_OBJECT = re.compile(r"\b[\w.-]+:(?:getDataObject|getProperty|getProcessProperty)\('([^'\"]*)'\)")
_TEXT = re.compile(r"'([^'\"]*)'")
_ALIKE = re.compile(r"(?:[\s()=<>]|!=|\b(?:and|or|not)\b|\d+(?:\.\d+)?|'[^'\"]*'|\"[^'\"]*\")*")
_WORDS = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)+")
_BRACKETS = re.compile(r"[$#]\{([^{}]*)\}")
_JAVA = (
    (_TEXT, r'"\1"'), (re.compile(r"(?<![=!<>])==(?!=)"), "="), (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "), (re.compile(r"!(?!=)\s*([\w.]+)"), r"not(\1)"),
)  # fmt: skip
_PATH = re.compile(r"[^\W\d][\w ]*(?:\.[^\W\d][\w ]*)*")


def in_feel(condition: str) -> str:
    """Return what a condition over data objects says in XPath as FEEL; any other as it is.

    Only what is the same in both is taken: objects, texts and numbers that are compared.
    """
    rest, objects = _OBJECT.subn(" ", condition)
    if not objects or not _ALIKE.fullmatch(rest):
        return condition
    return _TEXT.sub(r'"\1"', _OBJECT.sub(r"\1", condition))


def results(source: str) -> tuple[str, ...]:
    """Return the names with blanks in a path into what a task gave back.

    Nobody declares these names: the decision or the worker does. Words side by side mean nothing
    else in FEEL, so the words before the first dot are one name, and so are those after it.
    """
    if not _PATH.fullmatch(source) or KEYWORDS & set(source.replace(".", " ").split()):
        return ()
    return tuple(_WORDS.findall(source))


def as_meant(text: str) -> tuple[str, ...]:
    """Return what a condition of another engine's language may mean in FEEL; nobody runs it so.

    Taken are the brackets of JUEL and the signs of Java; a person reads it and writes it anew.
    """
    inside = _BRACKETS.fullmatch(text.strip())
    said = text.strip() if inside is None else inside[1].strip()
    for java, feel in _JAVA:
        said = java.sub(feel, said)
    return (said,) if said and said != text else ()
