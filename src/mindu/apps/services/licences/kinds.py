"""Which items end in a licence, who signs it, for how long it holds, and what it says."""

from dataclasses import dataclass

from mindu.city import Words

NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of licence; claim → the item's own field, and what a person reads beside it."""

    item: str
    code: str  # begins its number
    title: Words
    issuer: str  # the department that signs
    years: int  # 0: for ever
    claims: dict[str, tuple[str, Words]]
    material: str = ""  # kept in the holder's library under this name, for other forms

    @property
    def vct(self) -> str:
        """The kind as a credential tells it."""
        return f"urn:mindu:licence:{self.item}"


IDENTITY = (("identity", "身份信息"), {
    "name": ("name", "姓名"), "number": ("identity number", "身份号码"),
    "born": ("born on", "出生日期"),
})  # fmt: skip
NAME, ADDRESS = Words("name", "名称"), Words("address", "住所(地址)")
# Terms: 食品经营许可证 five years (食品经营许可和备案管理办法, 2023, from general knowledge); the
# others stand until changed.
KINDS = {
    kind.item: kind
    for kind in (
        Kind(item="birth_certificate", code="CS", title=Words("Birth certificate", "出生医学证明"),
             issuer="卫生健康", years=0, material="birth",
             claims={"name": ("name", Words("child", "新生儿姓名")),
                     "sex": ("sex", Words("sex", "性别")),
                     "born": ("born", Words("born on", "出生日期")),
                     "mother": ("mother", Words("mother", "母亲姓名")),
                     "father": ("father", Words("father", "父亲姓名"))}),
        Kind(item="business_licence", code="YY", title=Words("Business licence", "营业执照"),
             issuer="市场监管", years=0, material="business",
             claims={"name": ("name", NAME), "address": ("address", ADDRESS),
                     "operator": ("operator", Words("operator", "经营者"))}),
        Kind(item="food_licence", code="SP", years=5, issuer="市场监管",
             title=Words("Food business licence", "食品经营许可证"), material="food",
             claims={"name": ("name", NAME), "address": ("address", ADDRESS),
                     "foods": ("foods", Words("kinds of food", "经营项目")),
                     "area": ("area", Words("area, m²", "经营面积(平方米)"))}),
        Kind(item="fire_inspection", code="XF", years=0, issuer="消防救援",
             title=Words("Fire safety certificate", "消防安全检查意见书"),
             claims={"name": ("name", NAME), "address": ("address", ADDRESS)}),
    )
}  # fmt: skip
Named = tuple[str, str]  # English, Chinese


def worded(material: str) -> tuple[Named, dict[str, Named]]:
    """Return what a material of the library is called, and each of its parts."""
    kind = next((one for one in KINDS.values() if one.material == material), None)
    if kind is None:
        return IDENTITY if material == "identity" else ((material, material), {})
    parts = {name: (label.en, label.zh) for name, (_, label) in kind.claims.items()}
    return (kind.title.en, kind.title.zh), {NUMBER: ("number", "证照编号"), **parts}
