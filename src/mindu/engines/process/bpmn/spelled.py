"""Spelled otherwise: expressions that are no FEEL by the letter and can mean only one thing."""

import re

from mindu.engines.rules.syntax.stream import KEYWORDS

# XPath is BPMN's own language where a file names none; what conditions need of it is little.
_OBJECT = re.compile(r"\b[\w.-]+:(?:getDataObject|getProperty|getProcessProperty)\('([^'\"]*)'\)")
_TEXT = re.compile(r"'([^'\"]*)'")
_ALIKE = re.compile(r"(?:[\s()=<>]|!=|\b(?:and|or|not)\b|\d+(?:\.\d+)?|'[^'\"]*'|\"[^'\"]*\")*")
_WORDS = re.compile(r"[^\W\d]\w*(?: [^\W\d]\w*)+")
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
