"""Starting: what a new draft begins with, so that nobody faces an empty page."""

from mindu.console.contract.models.modelling import Kind
from mindu.engines.process.bpmn.write import write
from mindu.engines.process.draft import Draft

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
TABLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<definitions xmlns="{MODEL}" xmlns:dmndi="{DI}" xmlns:dc="{DC}" id="{{name}}" '
    'name="{name}" namespace="urn:mindu:rules:{name}">\n'
    '  <inputData id="input_1" name="amount">'
    '<variable id="input_1_is" name="amount" typeRef="number"/></inputData>\n'
    '  <decision id="decision_1" name="{name}"><variable id="decision_1_is" name="{name}"/>\n'
    '    <informationRequirement id="needs_1"><requiredInput href="#input_1"/>'
    "</informationRequirement>\n"
    '    <decisionTable id="table_1" hitPolicy="FIRST">\n'
    '      <input id="column_1"><inputExpression id="column_1_is" typeRef="number">'
    "<text>amount</text></inputExpression></input>\n"
    '      <output id="output_1" name="route" typeRef="string"/>\n'
    '      <annotation name="依据"/>\n'
    '      <rule id="rule_1"><inputEntry id="rule_1_in"><text>-</text></inputEntry>'
    '<outputEntry id="rule_1_out"><text>"person"</text></outputEntry>'
    "<annotationEntry><text></text></annotationEntry></rule>\n"
    "    </decisionTable>\n  </decision>\n"
    '  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram">'
    '<dmndi:DMNShape id="shape_1" dmnElementRef="decision_1">'
    '<dc:Bounds x="160" y="80" width="180" height="80"/></dmndi:DMNShape>'
    '<dmndi:DMNShape id="shape_2" dmnElementRef="input_1">'
    '<dc:Bounds x="187" y="240" width="125" height="45"/></dmndi:DMNShape>'
    "</dmndi:DMNDiagram></dmndi:DMNDI>\n</definitions>\n"
)


def started(kind: Kind, name: str) -> str:
    """Return the text that a new draft begins with."""
    named = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "_-")).strip("-")
    named = named if named[:1].isalpha() else f"model_{named}".rstrip("_")
    return TABLE.format(name=named) if kind == "dmn" else _process(named, name)


def _process(named: str, title: str) -> str:
    draft = Draft(named, title=title)
    draft.node("start", "start")
    draft.node("first", "user", name="受理 accept", groups="window")
    draft.node("end", "end")
    draft.line("start", "first", "end")
    return write(draft.definition()).decode()
