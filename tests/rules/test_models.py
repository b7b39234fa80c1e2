"""Models join decisions, knowledge and services, and every answer tells how it came about."""

import msgspec
import pytest
from dmn_words import SPACE, arrow, decision, definitions, feel, given, table

from mindu.engines.rules import ModelError, compile_feel, load, plain

SOURCE = (
    '<knowledgeSource id="k" name="老年人优待办法" locationURI="https://example.test/law/7"/>'
    '<businessKnowledgeModel id="rate" name="rate"><description>Basis: 办法第九条</description>'
    '<variable name="rate"/><encapsulatedLogic><formalParameter name="age" typeRef="number"/>'
    f"{feel('if age >= 90 then 200 else 100')}</encapsulatedLogic></businessKnowledgeModel>"
)
AUTHORITY = '<authorityRequirement><requiredAuthority href="#k"/></authorityRequirement>'
DESCRIBED = "<description>高龄津贴\n依据:办法第三条</description>"


def allowance() -> str:
    rows = [
        (["< 80"], ["0", "第四条", "too young"]),
        (["[80..100)"], ["rate(age)", "第五条", "monthly"]),
        ([">= 100"], ["500", "", "a hundred years"]),
    ]
    logic = table(["age"], rows, notes=["依据", "remark"])
    return definitions(
        given("age", "number"),
        given("lives here", "boolean"),
        SOURCE,
        decision("amount", logic, "i age", "rate", inside=f"{DESCRIBED}{AUTHORITY}"),
        decision("granted", feel("lives here and amount > 0"), "d amount", "i lives here"),
    )


def test_a_decision_tells_what_it_read_which_row_matched_and_by_which_law() -> None:
    result = load(allowance()).decide("granted", {"age": 91, "lives here": True})
    assert result.value is True
    amount, granted = result.trace
    assert (amount.name, plain(amount.value), plain(amount.read)) == ("amount", 200, {"age": 91})
    assert plain(granted.read) == {"amount": 200, "lives here": True}
    (row,) = amount.rows
    assert (row.number, row.id, row.basis) == (2, "r2", "第五条")
    assert row.notes == {"依据": "第五条", "remark": "monthly"}
    assert plain(row.inputs) == {"age": 91}
    assert result.basis == (
        "办法第三条",
        "老年人优待办法(https://example.test/law/7)",
        "办法第九条",
        "第五条",
    )


def test_a_result_with_its_trace_and_law_is_plain_json() -> None:
    result = load(allowance()).decide("granted", {"age": 85.5, "lives here": True})
    told = msgspec.json.decode(msgspec.json.encode(plain(result)))
    assert told["value"] is True
    assert told["trace"][0]["rows"][0]["basis"] == "第五条"
    assert told["trace"][0]["read"] == {"age": 85.5}
    assert plain([compile_feel("[1..2)").eval().value, compile_feel("abs").eval().value]) == [
        {"start": 1, "end": 2, "start included": True, "end included": False},
        "function abs",
    ]


def test_an_input_that_is_missing_is_null_and_named() -> None:
    result = load(allowance()).decide("granted", {"age": 91})
    assert result.value is None
    assert [(w.where, w.code) for w in result.warnings] == [("lives here", "input")]
    assert "lives here" in result.warnings[0].zh


def test_a_decision_that_is_not_there_is_named_beside_those_that_are() -> None:
    with pytest.raises(KeyError, match="granted"):
        load(allowance()).decide("grant", {})


TYPES = (
    '<itemDefinition name="tPerson"><itemComponent name="born on"><typeRef>date</typeRef>'
    '</itemComponent><itemComponent name="district"><typeRef>tDistrict</typeRef></itemComponent>'
    '</itemDefinition><itemDefinition name="tDistrict"><typeRef>string</typeRef><allowedValues>'
    '<text>"鼓楼","台江"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tPeople" isCollection="true"><typeRef>tPerson</typeRef>'
    "</itemDefinition>"
)


def people() -> str:
    logic = feel('count(people[district = "鼓楼" and born on.year < 1950])')
    return definitions(TYPES, given("people", "tPeople"), decision("old", logic, "i people"))


def test_json_is_taken_into_the_types_of_the_model() -> None:
    model = load(people())
    data = [
        {"born on": "1940-02-03", "district": "鼓楼"},
        {"born on": "1980-02-03", "district": "鼓楼"},
    ]
    assert plain(model.decide("old", model.from_json({"people": data})).value) == 1


def test_a_value_outside_its_type_is_null_and_said() -> None:
    model = load(people())
    result = model.decide(
        "old", model.from_json({"people": [{"born on": "x", "district": "火星"}]})
    )
    assert "type" in {warning.code for warning in result.warnings}


def test_boxed_logic_of_every_shape_is_decided() -> None:
    def entry(name: str, logic: str) -> str:
        variable = f'<variable name="{name}"/>' if name else ""
        return f"<contextEntry>{variable}{logic}</contextEntry>"

    twice = f'<functionDefinition><formalParameter name="n"/>{feel("n * 2")}</functionDefinition>'
    call = (
        f'<invocation>{feel("twice")}<binding><parameter name="n"/>{feel("21")}</binding>'
        "</invocation>"
    )
    rows = f"<row>{feel('1')}{feel('2')}</row><row>{feel('3')}{feel('4')}</row>"
    relation = f'<relation><column name="a"/><column name="b"/>{rows}</relation>'
    kept = f"<filter><in>{feel('rows')}</in><match>{feel('a > 1')}</match></filter>"
    each = f'<for iteratorVariable="r"><in>{feel("rows")}</in><return>{feel("r.b")}</return></for>'
    asks = f'iteratorVariable="r"><in>{feel("rows")}</in><satisfies>{feel("r.a > 1")}</satisfies>'
    chosen = f"<if>{feel('some rows')}</if><then>{feel('1')}</then><else>{feel('2')}</else>"
    logic = "<context>" + "".join(
        (
            entry("twice", twice),
            entry("called", call),
            entry("rows", relation),
            entry("kept", kept),
            entry("each", each),
            entry("some rows", f"<some {asks}</some>"),
            entry("every row", f"<every {asks}</every>"),
            entry("chosen", f"<conditional>{chosen}</conditional>"),
            entry("", f"<list>{feel('[called, kept, each, some rows, every row, chosen]')}</list>"),
        )
    )
    result = load(definitions(decision("all", f"{logic}</context>"))).decide("all", {})
    assert plain(result.value) == [[42, [{"a": 3, "b": 4}], [2, 4], True, False, 1]]
    assert not result.warnings


def test_knowledge_may_call_itself_within_a_depth() -> None:
    own = (
        '<businessKnowledgeModel id="fact" name="fact"><variable name="fact"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{feel("if n < 2 then 1 else n * fact(n - 1)")}'
        f"</encapsulatedLogic>{arrow('fact')}</businessKnowledgeModel>"
    )
    model = load(definitions(own, given("n"), decision("f", feel("fact(n)"), "fact", "i n")))
    assert plain(model.decide("f", {"n": 10}).value) == 3_628_800
    deep = model.decide("f", {"n": 10_000})
    assert deep.value is None
    assert deep.warnings[-1].code == "depth"


SERVICE = (
    '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#d sum"/>'
    '<inputDecision href="#d base"/><inputData href="#i x"/></decisionService>'
)


def test_a_service_is_a_function_of_its_inputs_and_can_be_asked_itself() -> None:
    model = load(
        definitions(
            SERVICE,
            given("x", "number"),
            decision("base", feel("1000")),
            decision("sum", feel("base + x"), "d base", "i x"),
            decision("asks", feel("s(x: 1, base: 2) + s(10, 20)"), "s"),
        )
    )
    assert plain(model.decide("asks", {}).value) == 33
    assert plain(model.decide("s", {"x": 5, "base": 7}).value) == 12
    assert plain(model.decide("sum", {"x": 5}).value) == 1005


def test_a_model_imports_another_under_a_name() -> None:
    lent = definitions(
        TYPES, given("who", "tPerson"), decision("year", feel("who.born on.year"), "i who"),
        space="urn:lent",
    )  # fmt: skip
    wanted = (
        "<informationRequirement><requiredDecision href='urn:lent#d year'/>"
        "</informationRequirement>"
    )
    asks = definitions(
        f'<import namespace="urn:lent" name="registry" importType="{SPACE}"/>',
        decision("out", feel("registry.year + 1"), inside=wanted),
    )
    model = load(asks, resolve=lambda space, _: lent if space == "urn:lent" else None)
    inputs = load(lent).from_json({"who": {"born on": "1950-01-01", "district": "台江"}})
    assert plain(model.decide("out", inputs).value) == 1951
    with pytest.raises(ModelError, match="urn:lent") as told:
        load(asks)
    assert "导入" in told.value.problem.zh


def test_what_cannot_be_read_is_named_at_load_and_null_when_decided() -> None:
    model = load(
        definitions(
            given("x", "tNowhere"),
            decision("broken", feel("x +"), "i x"),
            decision("lost", feel("1"), "d gone"),
            decision("a", feel("b"), "d b"),
            decision("b", feel("a"), "d a"),
            decision("fine", feel("1 + 1")),
        )
    )
    assert {problem.where for problem in model.problems} == {"x", "broken", "lost", "a", "b"}
    assert all(problem.en and problem.zh for problem in model.problems)
    assert model.decide("broken", {"x": 1}).value is None
    assert model.decide("a", {}).value is None
    assert plain(model.decide("fine", {}).value) == 2


def test_a_chain_of_ten_thousand_decisions_is_decided() -> None:
    chain = [decision("n0", feel("1"))]
    chain += [decision(f"n{n}", feel(f"n{n - 1} + 1"), f"d n{n - 1}") for n in range(1, 10_000)]
    result = load(definitions(*chain)).decide("n9999", {})
    assert plain(result.value) == 10_000
    assert len(result.trace) == 10_000
