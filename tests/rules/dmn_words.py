"""Small models that the tests of the rules decide, written with a few words each."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*inside: str, space: str = "urn:test") -> str:
    return (
        f'<definitions xmlns="{SPACE}" namespace="{space}" name="test" id="m">'
        + "".join(inside)
        + "</definitions>"
    )


def given(name: str, type_: str = "Any") -> str:
    return (
        f"<inputData id={quoteattr(f'i {name}')} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} typeRef={quoteattr(type_)}/></inputData>"
    )


def feel(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, inside: str = "", type_: str = "Any") -> str:
    arrows = "".join(arrow(need) for need in needs)
    return (
        f"<decision id={quoteattr(f'd {name}')} name={quoteattr(name)}>{inside}"
        f"<variable name={quoteattr(name)} typeRef={quoteattr(type_)}/>{arrows}{logic}</decision>"
    )


def arrow(need: str) -> str:
    """Write a requirement; `need` is the id of an input ("i …"), decision ("d …") or model."""
    if need.startswith("i "):
        tag = "requiredInput"
    elif need.startswith("d "):
        tag = "requiredDecision"
    else:
        wanted = f"<requiredKnowledge href={quoteattr(f'#{need}')}/>"
        return f"<knowledgeRequirement>{wanted}</knowledgeRequirement>"
    return f"<informationRequirement><{tag} href={quoteattr(f'#{need}')}/></informationRequirement>"


def table(
    inputs: Sequence[str],
    rows: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    policy: str = "UNIQUE",
    outputs: Sequence[str] = ("",),
    notes: Sequence[str] = (),
) -> str:
    """Write a table; what a row has beyond its outputs are its annotations."""
    head = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>"
        for text in inputs
    )
    out = "".join(outputs_of(one) for one in outputs)
    names = "".join(f"<annotation name={quoteattr(note)}/>" for note in notes)
    return (
        f"<decisionTable {policy_of(policy)}>{head}{out}{names}"
        + "".join(
            rule(number, cells, ends, len(outputs))
            for number, (cells, ends) in enumerate(rows, start=1)
        )
        + "</decisionTable>"
    )


def policy_of(policy: str) -> str:
    name, _, fold = policy.partition("+")
    return f'hitPolicy="{name}"' + (f' aggregation="{fold}"' if fold else "")


def outputs_of(written: str) -> str:
    """Write an output column from `name|allowed values|default`."""
    name, _, rest = written.partition("|")
    values, _, default = rest.partition("|")
    inside = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    if default:
        inside += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
    return f"<output name={quoteattr(name)}>{inside}</output>"


def rule(number: int, cells: Sequence[str], ends: Sequence[str], outputs: int) -> str:
    body = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
    for place, end in enumerate(ends):
        tag = "outputEntry" if place < outputs else "annotationEntry"
        body += f"<{tag}><text>{escape(end)}</text></{tag}>"
    return f'<rule id="r{number}">{body}</rule>'
