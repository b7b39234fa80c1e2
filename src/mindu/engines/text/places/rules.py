"""Rules: an address cut by the endings of its parts, where there is nothing to learn from."""

import re
from collections.abc import Iterator

from mindu.engines.text.places.tagger import Part

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
    "四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_HAN = r"[\u4e00-\u9fff]"
_COUNT = r"(?:[0-9]+(?:-[0-9]+)?|[A-Za-z][0-9]*|[一二三四五六七八九十百]+|[甲乙丙丁东南西北])"
# In the order in which parts follow each other; each is tried where the last one ended.
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (tag, re.compile(pattern))
    for tag, pattern in (
        ("redundant", r"[-_,，.。;；:：()（）\s/#]+"),
        ("country", r"中国|中华人民共和国"),
        (
            "prov",
            rf"(?:{_PROVINCES})(?:省|自治区|壮族自治区|回族自治区|维吾尔自治区)|(?:{_PROVINCES})(?={_HAN}{{1,3}}市)",
        ),
        ("city", rf"{_HAN}{{2,3}}?市(?!场)(?={_HAN}{{1,4}}?(?:区|县|市|镇|路|街))"),
        (
            "devzone",
            rf"{_HAN}{{2,8}}?(?:开发区|工业园区|工业区|工业园|产业园|科技园|高新区|保税区)",
        ),
        ("district", rf"{_HAN}{{1,3}}?(?:区|县|市)(?![场政民])"),
        ("town", rf"{_HAN}{{1,4}}?(?:街道|镇|乡)(?![政府]|办)"),
        ("community", rf"{_HAN}{{1,5}}?(?:社区|村|居委会)"),
        ("road", rf"{_HAN}{{1,6}}?(?:大道|公路|路|街|巷|道)(?![口边])"),
        ("roadno", r"[0-9]+(?:-[0-9]+)?(?:号(?![楼院厂])|弄)"),
        ("houseno", rf"{_COUNT}(?:号楼|幢|栋|座|号)"),
        ("cellno", rf"{_COUNT}(?:单元|梯)"),
        ("floorno", rf"{_COUNT}(?:层|楼)"),
        ("roomno", rf"{_COUNT}(?:室|房)|[0-9]{{3,4}}(?![0-9号幢栋座弄])"),
        ("assist", r"附近|旁边|对面|路口|交叉口|门口|隔壁|楼下|东侧|西侧|南侧|北侧|[东西南北]边"),
    )
)
_MARKS = r"-_,，.。;；:：()（）\s/#"
_NEXT = rf"{_COUNT}(?:号|幢|栋|座|弄|单元|楼|层|室)"
_POI = re.compile(rf"(?:(?!{_NEXT})[^{_MARKS}])+?(?=$|[{_MARKS}]|{_NEXT}|[0-9]{{3,4}}$)")
LONGEST = 400  # characters of one address that are read


def cut_by_rules(address: str) -> tuple[Part, ...]:
    """Return the parts of a plain address by their endings; what no ending tells is a `poi`."""
    return tuple(_cut(address[:LONGEST]))


def _cut(address: str) -> Iterator[Part]:
    at, reached = 0, 0
    while at < len(address):
        found = next(_fitting(address, at, reached), None)
        if found is None:
            rest = _POI.match(address, at)
            end = rest.end() if rest else at + 1
            yield Part("poi", address[at:end], at, end)
            reached = max(reached, 9)
            at = end
            continue
        tag, rank, end = found
        yield Part(tag, address[at:end], at, end)
        reached = rank or reached
        at = end


def _fitting(address: str, at: int, reached: int) -> Iterator[tuple[str, int, int]]:
    """Yield what may stand here: marks always, else only parts that come after the last one."""
    for rank, (tag, pattern) in enumerate(_PARTS):
        if rank and rank < reached:
            continue
        found = pattern.match(address, at)
        if found:
            yield tag, rank, found.end()
