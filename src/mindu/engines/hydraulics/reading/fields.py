"""What the words of a model's lines are called, and the error that names one in both tongues."""

FIELDS = {
    "a time": "时间", "a date": "日期", "a depth": "深度", "an elevation": "高程",
    "an offset": "偏移", "offsets": "偏移方式", "the unit of flow": "流量单位",
    "the method": "方法", "the transect's name": "断面名称", "the shape": "断面形状",
    "the height, or the section's name": "高度或断面名称", "the height": "高度",
    "the width": "宽度",
    "the node it draws from": "上游节点", "the node it leads to": "下游节点",
    "the orifice's type": "孔口类型", "the pump's curve": "水泵曲线",
    "the discharge coefficient": "流量系数", "the weir coefficient": "堰流系数",
    "the weir's type": "堰的类型", "the outlet's rating": "出流曲线方式",
    "the rating curve": "出流曲线", "the coefficient": "系数", "the exponent": "指数",
    "the outlet": "排入节点", "the area": "面积", "the curve's type": "曲线类型",
    "a point of the curve": "曲线上的点", "the storage's shape": "调蓄池形状",
    "the storage curve": "调蓄曲线", "a number of the storage's shape": "调蓄池形状参数",
    "the full depth": "最大深度", "the invert": "底高程", "the initial depth": "初始水深",
    "the surcharge depth": "超载深度", "the ponded area": "积水面积",
    "the divider's type": "分流器类型", "the outfall's type": "排放口类型",
    "the fixed stage": "固定水位", "roughness": "糙率", "the paved share, %": "不透水率（%）",
}  # fmt: skip
"""English as the reader says it, and Chinese as modellers do."""


class InpError(ValueError):
    """A model file that cannot be used: names section and line, and how to mend it."""

    def __init__(self, en: str, zh: str) -> None:
        """Say it in both tongues; as text it is English."""
        super().__init__(en)
        self.en, self.zh = en, zh
