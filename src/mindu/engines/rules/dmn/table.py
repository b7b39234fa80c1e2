"""Decision tables: columns that sift the rows, and rows that give outputs."""

from collections.abc import Callable
from dataclasses import dataclass

from mindu.engines.rules.dmn.columns import Column, column
from mindu.engines.rules.dmn.place import Place, boxes, nothing
from mindu.engines.rules.dmn.policies import MANY, SINGLE, Orders, Output, collected, ordered
from mindu.engines.rules.dmn.trace import Row, marked, told
from mindu.engines.rules.dmn.xml import Element
from mindu.engines.rules.machine.core import Code, Frame, refuse
from mindu.engines.rules.value.run import Refused
from mindu.engines.rules.value.types import ANY, Type

TOLD = 10_000  # rows that one trace tells
POLICIES = (*SINGLE, *sorted(MANY))
AGGREGATIONS = {"SUM", "COUNT", "MIN", "MAX"}


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, compiled."""

    where: str
    policy: str
    aggregation: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    outputs: tuple[tuple[Code, ...], ...]  # by row
    defaults: tuple[Code, ...] | None
    orders: Orders
    ids: tuple[str, ...]
    notes: tuple[dict[str, str], ...]
    told: tuple[tuple[str, ...], ...]  # the law that a rule's own description names

    def run(self, frame: Frame) -> object:
        """Decide: sift the rows column by column, then give what the policy gives."""
        frame[0].spend(1 + len(self.ids) // 16)
        try:
            values: dict[str, object] = {}
            rows = (1 << len(self.ids)) - 1
            for column in self.columns:
                value = values[column.label] = column.read(frame)
                if rows:
                    rows = column.sift(frame, value, rows)
            return self._given(frame, self._hits(frame, rows, values))
        except ArithmeticError:
            return refuse(frame, -1, Refused("number", self.aggregation))
        except Refused as why:
            return refuse(frame, -1, why)

    def _hits(self, frame: Frame, rows: int, values: dict[str, object]) -> list[Output]:
        hits: list[Output] = []
        while rows:
            place = (rows & -rows).bit_length() - 1
            rows &= rows - 1
            made = tuple(code(frame) for code in self.outputs[place])
            hit = self.orders.checked(frame, made, self.names)
            hits.append(hit)
            if len(frame[0].rows) >= TOLD:
                continue
            notes = self.notes[place]
            frame[0].rows.append(
                Row(
                    table=self.where,
                    number=place + 1,
                    id=self.ids[place],
                    inputs=values,
                    outputs=dict(zip(self.names, hit, strict=True)),
                    notes=notes,
                    basis=";".join((*_laws(notes), *self.told[place])),
                )
            )
            if self.policy == "FIRST":
                break
        return hits

    def _given(self, frame: Frame, hits: list[Output]) -> object:
        if not hits:
            return self._default(frame)
        single = SINGLE.get(self.policy)
        if single is not None:
            return self._one(single(frame, hits, self.orders))
        values = [self._one(hit) for hit in ordered(self.policy, frame, hits, self.orders)]
        return collected(self.aggregation, values) if self.aggregation else values

    def _default(self, frame: Frame) -> object:
        if self.defaults is not None:
            value = self._one(tuple(code(frame) for code in self.defaults))
            many = self.policy in MANY and not self.aggregation
            return [value] if many and not isinstance(value, list) else value
        if self.policy in MANY and not self.aggregation:
            return []
        frame[0].warn(-1, "none")
        return None

    def _one(self, output: Output) -> object:
        if len(self.names) == 1:
            return output[0]
        return dict(zip(self.names, output, strict=True))


def _laws(notes: dict[str, str]) -> list[str]:
    return [text for name, text in notes.items() if marked(name) and text]


def _memo(make: Callable[[str], Code]) -> Callable[[str], Code]:
    made: dict[str, Code] = {}

    def once(text: str) -> Code:
        if text not in made:
            made[text] = make(text) if text else nothing
        return made[text]

    return once


def _typed(code: Code, type_: Type) -> Code:
    if type_ is ANY:
        return code
    return lambda frame: type_.take(frame[0], code(frame))


@boxes("decisionTable")
def table(place: Place, element: Element) -> Code:
    """Compile a decision table."""
    rules = list(element.all("rule"))
    rows = [[entry.text_of("text") for entry in rule.all("inputEntry")] for rule in rules]
    columns = tuple(
        column(place, head, number + 1, [row[number] if number < len(row) else "-" for row in rows])
        for number, head in enumerate(element.all("input"))
    )
    outputs = list(element.all("output"))
    types = [place.room.typed(place.where, output) for output in outputs]
    makers = [_memo(place.literal) for _ in outputs]
    annotations = [note.get("name") for note in element.all("annotation")]
    policy, aggregation = _policy(place, element)
    made = Table(
        where=place.where,
        policy=policy,
        aggregation=aggregation,
        columns=columns,
        names=tuple(output.get("name") or f"output {n + 1}" for n, output in enumerate(outputs)),
        outputs=tuple(_outputs(place, rule, makers, types) for rule in rules),
        defaults=_defaults(place, outputs),
        orders=_orders(place, outputs),
        ids=tuple(rule.get("id") for rule in rules),
        notes=tuple(_notes(rule, annotations) for rule in rules),
        told=tuple(tuple(told(rule.text_of("description"))) for rule in rules),
    )
    return made.run


def _policy(place: Place, element: Element) -> tuple[str, str]:
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    if policy not in SINGLE and policy not in MANY:
        place.room.problem(
            place.where,
            f"there is no hit policy {policy!r}: choose one of {', '.join(POLICIES)}",
            f"没有命中策略“{policy}”:请选择 {'、'.join(POLICIES)} 之一",
        )
        policy = "UNIQUE"
    if aggregation and aggregation not in AGGREGATIONS:
        place.room.problem(
            place.where,
            f"there is no aggregation {aggregation!r}: choose SUM, COUNT, MIN or MAX",
            f"没有聚合方式“{aggregation}”:请选择 SUM、COUNT、MIN 或 MAX",
        )
        aggregation = ""
    return policy, aggregation if policy == "COLLECT" else ""


def _outputs(
    place: Place, rule: Element, makers: list[Callable[[str], Code]], types: list[Type]
) -> tuple[Code, ...]:
    entries = list(rule.all("outputEntry"))
    if len(entries) != len(makers):
        place.room.problem(
            place.where,
            f"rule {rule.get('id')!r} has {len(entries)} outputs of {len(makers)}: fill each cell",
            f"规则“{rule.get('id')}”有{len(entries)}个输出,应为{len(makers)}个:请填满各格",
        )
    codes = []
    for number, (maker, type_) in enumerate(zip(makers, types, strict=True)):
        text = entries[number].text_of("text") if number < len(entries) else ""
        codes.append(_typed(maker(text), type_))
    return tuple(codes)


def _defaults(place: Place, outputs: list[Element]) -> tuple[Code, ...] | None:
    entries = [output.first("defaultOutputEntry") for output in outputs]
    if not any(entry is not None for entry in entries):
        return None
    return tuple(
        nothing if entry is None else place.literal(entry.text_of("text")) for entry in entries
    )


def _orders(place: Place, outputs: list[Element]) -> Orders:
    slot = place.slot()
    texts = [output.first("outputValues") for output in outputs]
    return Orders(
        tuple([] if text is None else place.checks(text.text_of("text"), slot) for text in texts)
    )


def _notes(rule: Element, names: list[str]) -> dict[str, str]:
    entries = [entry.text_of("text") for entry in rule.all("annotationEntry")]
    return {
        names[n] if n < len(names) and names[n] else f"note {n + 1}": text
        for n, text in enumerate(entries)
    }
