"""Topics are learned from history, told with reasons, and forwarded as far as proved."""

import random

import msgspec
import numpy as np
import pytest

from mindu.engines.text import ModelError, Reader, fuzhou, load, save, seeded, shipped, words
from mindu.engines.text.topics import (
    WHOLE,
    Bound,
    Example,
    TopicModel,
    certify,
    certify_groups,
    mapped,
    train,
    upper,
)
from mindu.engines.text.topics.codes import Codes, Topic, samples
from mindu.engines.text.topics.near import folds, near_groups
from mindu.engines.text.topics.trust import features, fit_trust


@pytest.fixture(scope="module")
def model() -> TopicModel:
    """Four topics of the seed set, each message told in some ways."""
    rng = random.Random(1)
    examples = []
    for code, text in samples():
        if code[:2] in {"01", "04", "05", "07"}:
            said = words(text)
            examples += [
                Example(tuple(rng.sample(said, max(3, len(said) * 2 // 3))), code[:2])
                for _ in range(3)
            ]
    return train(examples, made="2026-11-25T00:00:00+00:00")


def test_a_message_is_classified_with_the_words_that_decided(model: TopicModel) -> None:
    told = model.classify(words("老板拖欠我们三个月工资,工程做完人就不见了"))
    assert told.topic == "05"
    assert {"工资", "拖欠", "老板", "工程"} & set(told.guesses[0].because)
    assert len(told.guesses) == 3
    assert told.guesses[0].probability >= told.guesses[1].probability


def test_a_model_comes_back_from_its_bytes_as_it_was(model: TopicModel) -> None:
    again = load(save(model))
    said = words("楼下酒吧唱歌到凌晨两点,根本睡不着")
    assert again.card == model.card
    assert again.classify(said).topic == model.classify(said).topic
    assert again.probabilities(said) == pytest.approx(model.probabilities(said), abs=0.01)


@pytest.mark.parametrize("harm", ["empty", "cut", "flip", "other", "pickle"])
def test_a_broken_model_says_so_and_runs_nothing(model: TopicModel, harm: str) -> None:
    whole = save(model)
    broken = {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "flip": whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
        "other": b"\x89PNG\r\n\x1a\n" + whole,
        "pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    }[harm]
    with pytest.raises(ModelError, match="train"):
        load(broken)


def test_without_a_model_intake_goes_on() -> None:
    told = Reader(None, fuzhou()).understand("五四路井盖丢失")
    assert told.suggestions == ()
    assert not told.auto
    assert told.places


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(ValueError, match="at least two topics"):
        train([Example(("路灯",), "a")] * 30, made="")


def test_near_copies_never_stand_on_both_sides() -> None:
    texts = [text for _, text in samples()][:60]
    many = [words(text) for text in texts] + [words(f"您好{text}谢谢") for text in texts]
    groups = near_groups(many)
    fold = folds(groups, 5)
    assert all(fold[at] == fold[at + 60] for at in range(60))


def test_the_bound_is_the_exact_one() -> None:
    assert upper(0, 149, 0.95) == pytest.approx(1 - 0.05 ** (1 / 149))
    assert upper(5, 5) == 1.0
    with pytest.raises(ValueError, match="no trial"):
        upper(3, 2)


def test_the_promise_holds_in_all_but_few_trials() -> None:
    rng = np.random.default_rng(7)
    broken, covered = 0, 0.0
    for _ in range(200):
        trust = 1 - 0.3 * rng.random(8_000) ** 2
        wrong = rng.random(8_000) > trust
        bound = certify(trust[:4_000], wrong[:4_000])
        out = trust[4_000:] >= bound.trust
        covered += out.mean() / 200
        broken += int(wrong[4_000:][out].sum()) > 0.02 * out.sum()
    assert broken <= 10, "5 % of 200"
    assert covered > 0.3, "of 0.447 that a bound which knew the rest would reach"


def test_a_few_wrong_labels_among_the_most_trusted_do_not_end_the_walk() -> None:
    rng = np.random.default_rng(9)
    trust = np.sort(1 - 0.2 * rng.random(4_000) ** 3)[::-1]
    wrong = rng.random(4_000) > trust
    wrong[[40, 90, 150, 160, 210]] = True
    bound = certify(trust, wrong)
    assert bound.tried > 1_500
    assert bound.at_most <= 0.02
    assert upper(int(wrong[:225].sum()), 225) > 0.02, "a walk from the top ends at once"


def test_trust_that_says_too_much_certifies_nothing() -> None:
    rng = np.random.default_rng(10)
    trust = 1 - 0.01 * rng.random(4_000)
    assert certify(trust, rng.random(4_000) < 0.03).tried == 0


def test_each_group_of_topics_is_certified_and_the_whole_keeps_its_promise() -> None:
    rng = np.random.default_rng(8)
    names, shares = (
        np.array(["easy", "plain", "hard", "few", "fewer"]),
        [0.45, 0.25, 0.15, 0.08, 0.07],
    )
    slope = {"easy": 0.15, "plain": 0.3, "hard": 0.9, "few": 0.3, "fewer": 0.2}
    given = broken = over = 0
    for _ in range(100):
        said = rng.choice(names, 10_000, p=shares)
        doubt = rng.random(10_000) ** 2
        wrong = rng.random(10_000) < np.array([slope[name] for name in said]) * doubt
        trust = 1 - 0.3 * doubt  # right on the whole, and too sure of what is hard
        found = certify_groups(trust[:5_000], wrong[:5_000], said[:5_000].tolist())
        assert set(found) <= {WHOLE, "easy", "plain", "hard", "few+fewer"}
        least = {name: bound.trust for bound in found.values() for name in bound.groups}
        out = trust[5_000:] >= np.array([least.get(name, 2.0) for name in said[5_000:]])
        hard = out & (said[5_000:] == "hard")
        given += bool(out.any())
        broken += bool(wrong[5_000:][out].sum() > 0.02 * out.sum())
        over += bool(wrong[5_000:][hard].sum() > 0.05 * hard.sum())
    assert given > 90
    assert broken <= 5, "5 % of 100"
    assert over <= 2


def test_a_tie_is_not_cut_in_two() -> None:
    trust = np.full(1_000, 0.9)
    assert certify(trust, np.arange(1_000) >= 400).tried == 0


def test_a_model_sends_alone_by_the_bound_of_its_topics_group(model: TopicModel) -> None:
    assert model.bounds == {}, "a handful certifies nothing"
    said = words("老板拖欠我们三个月工资,工程做完人就不见了")
    rest = Bound(0.1, 900, 5, 0.013, ("05", "07"), 0.05, 0.99)
    card = msgspec.structs.replace(model.card, bounds={WHOLE: rest, "05+07": rest})
    held = TopicModel(card, model.terms, model.weights, model.base, model.blend, model.trust)
    assert held.classify(said).auto
    assert not held.classify(words("楼下酒吧唱歌到凌晨两点,根本睡不着,噪音很大")).auto


def test_nothing_is_certified_on_a_handful() -> None:
    assert certify(np.linspace(0, 1, 100), np.zeros(100, bool)).tried == 0


def test_the_seed_model_is_honest_about_its_skill() -> None:
    model = seeded(made="2026-11-25T00:00:00+00:00")
    assert model.card.origin == "seed"
    assert model.card.coverage == 0.0, "nothing goes out alone on the first day"
    assert set(model.card.topics) == {topic.code for topic in shipped().under("")}


def test_codes_have_three_levels_and_other_cities_names_lead_to_them() -> None:
    codes = shipped()
    assert {topic.level for topic in codes.topics.values()} == {1, 2, 3}
    found = codes.find("交通运输")
    assert found is not None
    assert found.code == "03"
    finer = codes.finer("03", words("这路公交车班次太少,末班车太早"))
    assert finer is not None
    assert finer.code.startswith("0301")


def test_an_old_code_is_mapped_through_every_change() -> None:
    codes = Codes("2027.1", [Topic("01", "甲", "a"), Topic("02", "乙", "b")], {})
    assert mapped("09", {"09": "08", "08": "02"}, codes).code == "02"
    with pytest.raises(KeyError, match="means nothing"):
        mapped("09", {"09": "08", "08": "09"}, codes)


def test_trust_of_one_message_is_that_of_many() -> None:
    dice = np.random.default_rng(3)
    scores = dice.normal(size=(40, 12)).astype(np.float32)
    odds = np.exp(dice.normal(size=(40, 3)))
    chances = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    more = dice.normal(size=(40, 5)).astype(np.float32)
    told = features(scores, chances, more)
    trust = fit_trust(told, dice.random(40) < 0.7)
    many = trust.of(scores, chances, more)
    one = [
        trust.one(scores[at].tolist(), chances[at].tolist(), more[at].tolist()) for at in range(40)
    ]
    assert np.allclose(many, one, atol=1e-4)
    assert 0.0 < float(many.min()) <= float(many.max()) < 1.0
    certain = fit_trust(told, np.ones(40, np.bool_))
    assert float(certain.of(scores, chances, more).min()) > 0.99
