"""Opinion and the month: what is told is weighed, and stands on the desk down to its cases."""

import httpx
from line_told import Line, digest_of, line, told
from starlette.applications import Starlette

from house import KIND, NOON, PATIENCE, served
from mindu.base.records import Table
from mindu.base.time import DAY
from mindu.brain.casework import rights
from mindu.edge.desk import doors
from mindu.edge.desk.tools import Tools
from mindu.edge.together.opinion import Opinions

__all__ = ["line"]


def test_opinion_heeds_negation_and_names_its_cases(line: Line) -> None:
    _, _, looks = line
    angry = told(
        line, "到底有没有人管!物业推诿扯皮,噪音扰民,忍无可忍", topic="housing.estate", who="a"
    )
    told(line, "物业服务不满意,没有人管", topic="housing.estate", who="b")
    told(line, "衷心感谢社区工作人员,认真负责,问题圆满解决", topic="environment.noise", who="c")
    told(line, "请问物业费标准", topic="housing.estate", who="d", ago=40 * DAY)
    looks.look(NOON)
    found = {one.about: one for one in Opinions(looks.known).report(NOON, days=30)}
    estate, noise = found["housing.estate"], found["environment.noise"]
    assert (estate.people, estate.before, estate.complaint, estate.praise) == (2, 1, 2, 0)
    assert estate.named[0] == angry
    assert (noise.complaint, noise.praise) == (0, 1)
    by_town = Opinions(looks.known).report(NOON, days=30, by="area")
    assert [one.about for one in by_town] == ["350102"]
    assert Opinions(looks.known).report(NOON, days=30, areas=("350104",)) == []


def test_the_month_and_opinion_stand_on_the_desk_down_to_their_cases(line: Line) -> None:
    _, counter, looks = line
    rows = (("su", "苏", "centre", "supervisor", "3501", "", digest_of("s")),)
    counter.office.lay("roster", Table(rights.COLUMNS, rows, "tests"), by="tests", now=NOON)
    number = told(line, "小区电梯坏了没人修,气愤", topic="housing.estate", who="a", ago=9 * DAY)
    looks.look(NOON)
    tools = Tools(looks=looks, opinions=Opinions(looks.known))
    app = Starlette(routes=doors.routes(counter, KIND, tools=tools))
    with served(app) as root, httpx.Client(base_url=root, timeout=PATIENCE) as desk:
        desk.post("/desk/in", data={"officer": "su", "secret": "s"})
        month = desk.get("/desk/month?lang=en&month=2026-09").text
        assert "Housing estate" in month
        assert "to be taken up" in month
        assert desk.get("/desk/month?month=2026-99").status_code == 404
        opinion = desk.get("/desk/opinion?lang=en").text
        assert f"/desk/case/{number}" in opinion
        assert "Gulou" in desk.get("/desk/opinion?lang=en&by=area").text
