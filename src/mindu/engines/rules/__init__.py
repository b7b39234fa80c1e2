"""Rules: decisions on open standards, DMN 1.5 and FEEL, each answer with its trace and its law."""

from mindu.engines.rules.changes import Change, compare
from mindu.engines.rules.dmn.load import load
from mindu.engines.rules.dmn.model import Model
from mindu.engines.rules.dmn.problems import ModelError, Problem
from mindu.engines.rules.dmn.trace import Result, Row, Step
from mindu.engines.rules.machine.expression import Answer, Expression, compile_feel, compile_tests
from mindu.engines.rules.syntax.tokens import FeelError
from mindu.engines.rules.value.exchange import plain
from mindu.engines.rules.value.run import Limits, Warned

__all__ = [
    "Answer",
    "Change",
    "Expression",
    "FeelError",
    "Limits",
    "Model",
    "ModelError",
    "Problem",
    "Result",
    "Row",
    "Step",
    "Warned",
    "compare",
    "compile_feel",
    "compile_tests",
    "load",
    "plain",
]
