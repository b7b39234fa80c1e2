"""A shelf of stored nights for tests: one that is kept, one that is being recorded."""

from night import NOW, stormy

from mindu.base.records import Words
from mindu.console.contract.learning import NightInfo
from mindu.console.feed import Feed


class Shelf:
    """Two nights: one kept, one being recorded."""

    def __init__(self) -> None:
        self.night = stormy()
        self.night.name, self.night.mode = Words("Night of the storm", "暴雨之夜"), "stored"

    def listed(self) -> list[NightInfo]:
        told = {"title": self.night.name, "first": NOW, "last": NOW, "entries": 7}
        return [
            NightInfo(name="city.1", **told),  # type: ignore[arg-type] # fields by name
            NightInfo(name="making", **told, ready=False, share=0.37, left_s=540.0),  # type: ignore[arg-type]
        ]

    def open(self, name: str) -> Feed:
        return {"city.1": self.night}[name]
