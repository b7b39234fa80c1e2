"""People leave the text before anything is kept: numbers by their checks, names by their cues."""

import pytest

from mindu.engines.text import clean, mask
from mindu.engines.text.mask.numbers import is_card, is_identity


def masked(text: str) -> str:
    return mask(clean(text).text).text


def identity(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True))
    return first + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("电话13800138000请回电", "电话[电话]请回电"),
        ("打一三八零零一三八零零零", "打[电话]"),
        ("+86 138-0013-8000", "[电话]"),
        ("座机0591-87654321", "座机[电话]"),
        ("车牌闽A·1234挂走了", "车牌[车牌]走了"),
        ("新能源车闽AD12345", "新能源车[车牌]"),
        ("邮箱a.b@example.com谢谢", "邮箱[邮箱]谢谢"),
        ("微信号abc_12345", "微信号[账号]"),
        ("我叫王小明,住五四路", "我叫[姓名],住五四路"),
        ("联系人:欧阳小红 女", "联系人:[姓名] 女"),
        ("业主陈大文反映漏水", "业主[姓名]反映漏水"),
        ("李小姐来电", "[姓名]小姐来电"),
    ],
)
def test_what_names_a_person_is_replaced_by_its_kind(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "拨打12345和95598都没有人接",
        "业主李家村的路",
        "订单号202311120001234",
        "高速公路和马路都堵了",
        "各位先生女士",
        "面积1380.0138平方米",
        "2023年11月12日14时30分",
    ],
)
def test_what_names_nobody_stays(said: str) -> None:
    assert masked(said) == said


def test_an_identity_number_is_masked_only_when_its_check_sign_holds() -> None:
    right = identity("35010219900307123")
    wrong = right[:17] + ("1" if right[17] != "1" else "2")
    assert masked(f"号码{right}。") == "号码[身份证号]。"
    assert masked(f"号码{wrong}。") == f"号码{wrong}。"
    assert masked(f"身份证号{wrong}") == "身份证号[身份证号]", "the sentence itself says what it is"
    assert not is_identity(identity("35010219901307123")), "there is no thirteenth month"


def test_a_bank_card_is_known_by_issuer_and_luhn() -> None:
    assert is_card("6222021234567890128") != is_card("6222021234567890129")
    assert not is_card("1234567890123452"), "no bank issues cards that begin with 1"


def test_masking_twice_changes_nothing() -> None:
    once = masked("我叫王小明,电话13800138000,车牌闽A12345,身份证" + identity("35010219900307123"))
    assert masked(once) == once
