"""What plans and rules are called: in Chinese by names of their own, in English as written."""

CALLED = {
    "nothing": "不调度", "static": "固定规则", "equal_filling": "均衡调蓄",
    "prepared": "预腾空规则",
    "emptied": "预腾空加放湖", "ebbing": "雨间腾空", "cleared": "雨间腾空到底", "ajar": "腾空留缝",
    "opened": "全开", "storage programme": "蓄水规划", "playbook": "预案", "sampled": "抽样方案",
    "own_rules": "模型自带规则",
}  # fmt: skip
SPARING = " by gravity first"  # of a rule that pumps only what no gate lets out
HELD = "+held"  # of a plan that holds some machines for its first blocks


def spoken(name: str) -> str:
    """Return a plan's name in English."""
    core, held, _ = name.partition(HELD)
    return f"{core.replace('_', ' ')}{' (first settings held)' if held else ''}"


def called(name: str) -> str:
    """Return a plan's name in Chinese, its number with it; one that is not known stays."""
    whole, held, _ = name.partition(HELD)
    core, spares, _ = whole.partition(SPARING)
    head, _, number = core.rpartition(" ")
    known = CALLED.get(core) or (f"{CALLED[head]}{number}" if head in CALLED else core)
    return known + ("（先闸后泵）" if spares else "") + ("（先定值）" if held else "")
