"""Untrusted XML: bounded in size, depth and number, no document types, no entities."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from mindu.engines.rules.dmn.problems import ModelError

LARGEST = 16_000_000  # bytes of a model
DEEPEST = 100  # elements in each other
MOST = 400_000  # elements of a model
ENCODING = 18  # what the parser says of one that it does not know
FILE = "XML"  # where something is wrong with the file itself
WRONG = {  # by the parser's code, in plain words
    2: ("it does not begin with a tag", "开头不是标签"),
    3: ("it ends before all tags are closed, or is empty", "内容为空,或标签尚未关闭就结束"),
    4: ("a sign stands where none may", "此处有不允许的字符"),
    5: ("a tag is not finished", "标签没有写完"),
    6: ("a letter is cut in half: it is not in UTF-8", "字符不完整,编码不是 UTF-8"),
    7: ("a tag is closed that is not the open one", "关闭的标签与打开的不一致"),
    8: ("an attribute is given twice", "属性重复"),
    9: ("something follows after the end", "结尾之后还有内容"),
    11: ("an entity is used that nobody declared", "使用了未声明的实体"),
    14: ("a character number stands for no character", "字符编号无效"),
    17: ("the declaration does not stand at the beginning", "声明不在文件开头"),
    ENCODING: ("its encoding is not known", "编码无法识别"),
    19: ("its encoding is another than it says", "编码与声明不符"),
    20: ("a CDATA part is not closed", "CDATA 部分没有关闭"),
    27: ("a prefix is used that nobody declared", "使用了未声明的前缀"),
    30: ("its declaration is not well written", "XML 声明有误"),
}
OTHER = ("it cannot be read", "无法解析")


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
            raise refusal(f"more than {MOST} elements", f"元素超过{MOST}个", self.at())
        if len(self.open) >= DEEPEST:
            raise refusal(
                f"elements more than {DEEPEST} deep", f"元素嵌套超过{DEEPEST}层", self.at()
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
        raise refusal("a document type", "文档类型声明(DOCTYPE)", self.at())

    def entity(self, *_about: object) -> None:
        raise refusal("an entity", "实体声明", self.at())

    def external(self, *_about: object) -> int:
        raise refusal("an external entity", "外部实体", self.at())

    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)

    def at(self) -> tuple[str, str]:
        return place(self.line(), int(self.parser.CurrentColumnNumber))


def place(line: int, column: int) -> tuple[str, str]:
    """Return where in a file something stands, in both languages; columns count from 1."""
    return f"line {line}, column {column + 1}: ", f"第 {line} 行第 {column + 1} 列:"


def refusal(english: str, chinese: str, at: tuple[str, str] = ("", "")) -> ModelError:
    """Return the refusal of a file that holds what a model has no need of."""
    return ModelError(
        FILE,
        f"{at[0]}the file holds {english}: a model needs none, take it out",
        f"{at[1]}文件含有{chinese}:模型不需要,请删除",
    )


def read_xml(text: str | bytes) -> Element:
    """Return the root element; ModelError says what is wrong and how to mend it."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > LARGEST:
        raise refusal(f"more than {LARGEST} bytes", f"超过{LARGEST}字节的内容")
    reader = _Reader()
    try:
        if isinstance(text, str):
            reader.parser.Parse(_undeclared(text), True)  # noqa: FBT003 - expat takes no name
        else:
            reader.parser.Parse(data, True)  # noqa: FBT003 - expat takes no name
    except expat.ExpatError as why:
        raise _no_xml(why.code, place(why.lineno, why.offset)) from None
    except ModelError:
        raise
    except (ValueError, LookupError):  # what an encoding that expat leaves to Python comes to
        raise _no_xml(ENCODING, ("", "")) from None
    assert reader.root is not None, "expat ends with a root or an error"
    return reader.root


def _no_xml(code: int, at: tuple[str, str]) -> ModelError:
    en, zh = WRONG.get(code, OTHER)
    mend = ("", "") if code != ENCODING else (" as UTF-8", "(UTF-8 编码)")
    return ModelError(
        FILE,
        f"{at[0]}this is not XML ({en}): save the model again from its editor{mend[0]}",
        f"{at[1]}不是有效的 XML({zh}):请从编辑器重新导出模型{mend[1]}",
    )


def _undeclared(text: str) -> str:
    """Return text without the encoding that its first line declares: it is decoded already.

    Blanks stand in its place, so that lines and columns stay as they are.
    """
    text = text.removeprefix("\ufeff")
    end = text.find("?>") + 2
    if not text.startswith("<?xml") or end < 2:
        return text
    return "".join("\n" if one == "\n" else " " for one in text[:end]) + text[end:]
