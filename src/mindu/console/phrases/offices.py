"""Offices: what the desk calls them in either language."""

from mindu.base.records import Words

# Offices that processes of the house are drawn with, by the word that they bear there; any other
# is called as it is drawn.
OFFICES = {
    "window": Words("window", "综合窗口"),
    "supervision": Words("supervision", "督办"),
    "efficiency": Words("efficiency office", "效能办"),
    "benefits": Words("benefits", "津贴审核"),
    "audit": Words("sampling audit", "抽查复核"),
    "市场监管": Words("market regulation", "市场监管"),
    "消防救援": Words("fire and rescue", "消防救援"),
    "城市管理": Words("city management", "城市管理"),
    "公安": Words("public security", "公安"),
    "卫生健康": Words("health commission", "卫生健康"),
    "疾病预防控制": Words("disease control", "疾病预防控制"),
    "医疗保障": Words("healthcare security", "医疗保障"),
    "人力资源和社会保障": Words("human resources and social security", "人力资源和社会保障"),
    "民政": Words("civil affairs", "民政"),
}


def office(name: str) -> Words:
    """Return what an office or unit is called."""
    return OFFICES.get(name, Words(name, name))
