"""Untrusted XML: bounded in size, depth and number, no document types, no entities."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from mindu.engines.rules.dmn.problems import ModelError

LARGEST = 16_000_000  # bytes of a model
DEEPEST = 100  # elements in each other
MOST = 400_000  # elements of a model


@dataclass(slots=True, eq=False)
class Element:
    """An element: its local name, its namespace, attributes, children and text."""

    tag: str
    space: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def all(self, *tags: str) -> Iterator["Element"]:
        """Yield the children of these names, in the order they stand."""
        return (child for child in self.children if child.tag in tags)

    def first(self, *tags: str) -> "Element | None":
        """Return the first child of these names."""
        return next(self.all(*tags), None)

    def text_of(self, tag: str) -> str:
        """Return the text of a child, empty where there is none."""
        found = self.first(tag)
        return "" if found is None else found.text.strip()

    def walk(self) -> Iterator["Element"]:
        """Yield this element and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = self.external
        self.root: Element | None = None
        self.open: list[Element] = []
        self.pieces: list[list[str]] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST:
            raise refusal(f"more than {MOST} elements", f"元素超过{MOST}个", self.line())
        if len(self.open) >= DEEPEST:
            raise refusal(
                f"elements more than {DEEPEST} deep", f"元素嵌套超过{DEEPEST}层", self.line()
            )
        space, _, tag = name.rpartition(" ")
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(tag, space, own, self.line())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)
        self.pieces.append([])

    def end(self, _name: str) -> None:
        self.open.pop().text = "".join(self.pieces.pop())

    def text(self, text: str) -> None:
        if self.pieces:
            self.pieces[-1].append(text)

    def doctype(self, *_about: object) -> None:
        raise refusal("a document type", "文档类型声明(DOCTYPE)", self.line())

    def entity(self, *_about: object) -> None:
        raise refusal("an entity", "实体声明", self.line())

    def external(self, *_about: object) -> int:
        raise refusal("an external entity", "外部实体", self.line())

    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)


def refusal(english: str, chinese: str, line: int) -> ModelError:
    """Return the refusal of a file that holds what a model has no need of."""
    return ModelError(
        f"line {line}",
        f"the file holds {english}: a model needs none, take it out",
        f"文件含有{chinese}:模型不需要,请删除",
    )


def read_xml(text: str | bytes) -> Element:
    """Return the root element; ModelError says what is wrong and how to mend it."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > LARGEST:
        raise refusal(f"more than {LARGEST} bytes", f"超过{LARGEST}字节的内容", 0)
    reader = _Reader()
    try:
        if isinstance(text, str):
            reader.parser.Parse(_undeclared(text), True)  # noqa: FBT003 - expat takes no name
        else:
            reader.parser.Parse(data, True)  # noqa: FBT003 - expat takes no name
    except expat.ExpatError as why:
        message = expat.errors.messages.get(why.code, "not well-formed")
        raise ModelError(
            f"line {why.lineno}",
            f"this is not XML ({message}): save the model again from its editor",
            f"不是有效的 XML({message}):请从编辑器重新导出模型",
        ) from None
    assert reader.root is not None, "expat ends with a root or an error"
    return reader.root


def _undeclared(text: str) -> str:
    """Return text without the encoding that its first line declares: it is decoded already."""
    text = text.lstrip("\ufeff")
    if text.startswith("<?xml"):
        return text[text.find("?>") + 2 :].lstrip()
    return text
