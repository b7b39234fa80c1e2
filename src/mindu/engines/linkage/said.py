"""What was alike of two records, in words that a person decides by, en and zh."""

from collections.abc import Mapping, Sequence

from mindu.engines.linkage.model import Model

CLASH = "but the groups behind them hold what no one subject has"
ZH: Mapping[str, str] = {
    "same identity number, its check sign holds": "身份证号相同且校验正确",
    "two sound identity numbers": "两个校验正确的身份证号",
    "same identity number": "身份证号相同",
    "numbers differ by a slip": "号码仅有笔误之差",
    "same name": "名称相同",
    "names sound alike": "名称同音",
    "names differ by one sign": "姓名仅一字之差",
    "same birthday": "出生日期相同",
    "birthdays differ by a slip": "出生日期仅有笔误之差",
    "same phone and address": "电话和地址均相同",
    "same phone": "电话相同",
    "same address": "地址相同",
    "phones differ by a slip": "电话仅有笔误之差",
    "same house": "同一门牌",
    "same sex": "性别相同",
    "same credit code, its check sign holds": "信用代码相同且校验正确",
    "two sound credit codes": "两个校验正确的信用代码",
    "same credit code": "信用代码相同",
    "codes differ by a slip": "代码仅有笔误之差",
    "another branch": "不同分支机构",
    "names have the same heart": "字号和行业相同",
    "names are close": "名称相近",
    "same head": "法定代表人相同",
    "heads sound alike": "法定代表人同音",
    "founded the same day": "成立日期相同",
    "same number": "编号相同",
    "same holder by code": "持有人代码相同",
    "holders have the same name": "持有人名称相同",
    "names of the holders are close": "持有人名称相近",
    "same kind": "类别相同",
    "same day": "日期相同",
    "within 30 m": "相距 30 米以内",
    "within 150 m": "相距 150 米以内",
    "within 600 m": "相距 600 米以内",
    "id_number differs": "身份证号不同", "name differs": "名称不同",
    "birth differs": "出生日期不同",
    "contact differs": "电话、地址均不同", "sex differs": "性别不同",
    "credit_code differs": "信用代码不同",
    "person differs": "法定代表人不同", "founded differs": "成立日期不同",
    "number differs": "编号不同",
    "holder differs": "持有人不同", "kind differs": "类别不同", "day differs": "日期不同",
    "address differs": "地址不同", "point differs": "位置不同",
    CLASH: "但两侧档案含有同一主体不可能同时具有的代码",
}  # fmt: skip


def why(model: Model, likeness: Sequence[int]) -> list[str]:
    """Return in words what was alike: one sentence for each thing that could be compared."""
    found = []
    for told, level in zip(model.compared, likeness, strict=True):
        place = len(told.levels) - level
        if level > 0:
            found.append(told.levels[place].says)
        elif level == 0:
            found.append(f"{told.name} differs")
    return found
