"""What runs and may be a slip is warned of: knowledge that calls itself, alone or in a ring."""

from dmn_words import arrow, decision, definitions, feel, given

from mindu.engines.rules import Limits, load


def knowledge(name: str, text: str, *calls: str) -> str:
    ways = "".join(arrow(one) for one in calls)
    return (
        f'<businessKnowledgeModel id="k_{name}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic><formalParameter name="n"/>{feel(text)}</encapsulatedLogic>{ways}'
        "</businessKnowledgeModel>"
    )


def test_knowledge_that_calls_itself_is_warned_of_with_its_bound_and_still_runs() -> None:
    own = knowledge("fact", "if n < 2 then 1 else n * fact(n - 1)", "k_fact")
    model = load(definitions(own, given("n"), decision("f", feel("fact(n)"), "k_fact", "i n")))
    assert not model.problems, "it may be meant so"
    (warned,) = model.warnings
    assert (warned.where, warned.element) == ("fact", "k_fact")
    assert "it calls itself:" in warned.en
    assert f"more than {Limits().depth} calls" in warned.en
    assert f"嵌套超过{Limits().depth}层" in warned.zh
    most = Limits().depth
    assert model.decide("f", {"n": most}).value is not None, "the bound that is told is the bound"
    assert model.decide("f", {"n": most + 1}).value is None


def test_knowledge_that_calls_itself_by_way_of_others_names_them() -> None:
    model = load(
        definitions(
            knowledge("even", "if n = 0 then true else odd(n - 1)", "k_odd"),
            knowledge("odd", "if n = 0 then false else even(n - 1)", "k_even"),
            knowledge("own", "if n = 0 then 0 else own(n - 1)", "k_own", "k_twice"),
            knowledge("asks", "even(n) and own(n) = 0", "k_even", "k_own"),
            knowledge("twice", "n * 2"),
            given("n"),
            decision("e", feel("even(n)"), "k_even", "i n"),
        )
    )
    ways = {one.where: one.zh for one in model.warnings}
    assert set(ways) == {"even", "odd", "own"}, "who only calls them, or is called, is no circle"
    assert "经由odd调用自身" in ways["even"]
    assert "经由even调用自身" in ways["odd"]
    assert "该知识模型调用自身" in ways["own"]
    assert model.decide("e", {"n": 8}).value is True


def test_a_ring_of_many_names_only_some() -> None:
    names = [f"k{i}" for i in range(2_000)]
    ring = [knowledge(one, f"{after}(n)", f"k_{after}")
            for one, after in zip(names, (*names[1:], names[0]), strict=True)]  # fmt: skip
    model = load(definitions(*ring))
    assert len(model.warnings) == 2_000
    assert max(len(one.en) for one in model.warnings) < 300
