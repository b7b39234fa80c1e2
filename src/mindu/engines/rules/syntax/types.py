"""Types as they are written in FEEL."""

from mindu.engines.rules.syntax.stream import Stream
from mindu.engines.rules.syntax.tree import TypeOf

SPOKEN = (
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
    ("date", "and", "time"),
)
ENDS = {"and", "or", "then", "else", "return", "satisfies", "in", "between", "external"}


def parse_type(stream: Stream) -> TypeOf:
    """Read one type."""
    stream.enter()
    try:
        return _type(stream)
    finally:
        stream.leave()


def _type(stream: Stream) -> TypeOf:
    if stream.now.kind == "word" and stream.peek().text == "<":
        name = stream.now.text
        if name in {"list", "range"}:
            stream.place += 2
            part = parse_type(stream)
            stream.expect(">", "the type of the items")
            return TypeOf(name, (part,))
        if name == "context":
            return _context(stream)
        if name == "function":
            return _function(stream)
    return TypeOf(_name(stream))


def _name(stream: Stream) -> str:
    for words in SPOKEN:
        ahead = [token.text for token in stream.tokens[stream.place : stream.place + len(words)]]
        if tuple(ahead) == words:
            stream.place += len(words)
            return " ".join(words)
    name = _piece(stream)
    while stream.sign("."):
        stream.next()
        name = f"{name}.{_piece(stream)}"
    return name


def _piece(stream: Stream) -> str:
    if stream.now.kind != "word":
        raise stream.error("the name of a type")
    words = [stream.next().text]
    while stream.now.kind == "word" and stream.now.text not in ENDS:
        words.append(stream.next().text)
    return " ".join(words)


def _context(stream: Stream) -> TypeOf:
    stream.place += 2
    fields: list[tuple[str, TypeOf]] = []
    while not stream.sign(">"):
        name = stream.key(":")
        stream.next()
        fields.append((name, parse_type(stream)))
        if not stream.accept(","):
            break
    stream.expect(">", "the members of a context type")
    return TypeOf("context", fields=tuple(fields))


def _function(stream: Stream) -> TypeOf:
    stream.place += 2
    parts: list[TypeOf] = []
    while not stream.sign(">"):
        parts.append(parse_type(stream))
        if not stream.accept(","):
            break
    stream.expect(">", "the parameters of a function type")
    stream.expect("->", "the parameters of a function type")
    return TypeOf("function", tuple(parts), result=parse_type(stream))
