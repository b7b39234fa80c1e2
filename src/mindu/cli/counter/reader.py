"""The reader of live cases: what a message is about, where, on what; the duty table decides who.

The model is a file beside the log. Missing, cut or of another city: people classify, intake goes
on, and the log says so once. What people correct by day is remembered and told at once, never sent
alone; the next night's training learns it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mindu.apps.hotline.topics import area_of, finer, service_of, thing_of, topic_of
from mindu.base.records import Event
from mindu.brain.casework.dispatch import Guess, within
from mindu.brain.casework.kinds import Service
from mindu.brain.casework.office import Office
from mindu.engines.text import Gazetteer, ModelError, Reader, Understanding, fuzhou, load
from mindu.engines.text.topics import TopicModel

FILE = "topics.model"
LARGEST = 256 << 20  # bytes of a model file
SURE_PLACE = 0.6  # confidence from which a district is taken from the words
CORRECTED = 2_000  # corrections remembered
ALIKE = 0.6  # cosine from which a corrected message speaks for another
CHOSEN = 0.5  # how sure a service that the caller chose makes a topic, where nothing else is known
NATURES = frozenset({"inquiry", "help", "complaint", "report", "suggestion", "thanks", "other"})
Vector = dict[int, float]


@dataclass(slots=True)
class Listener:
    """Reads messages for one office; without a model it knows only what the caller chose."""

    office: Office
    model: TopicModel | None
    trouble: str = ""
    _reader: Reader = field(init=False)
    _mended: OrderedDict[int, tuple[Vector, str]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        gazetteer: Gazetteer = fuzhou()
        self._reader = Reader(self.model, gazetteer)

    @property
    def version(self) -> str:
        """Return the version of the model; "choice" without one."""
        return "choice" if self.model is None else self.model.card.version

    def renew(self, model: TopicModel) -> None:
        """Take a model that was just trained; what it learned need not be remembered."""
        self.model = model
        self._reader = Reader(model, self._reader.gazetteer)
        self._mended.clear()

    def guesses(self, text: str, title: str, service: Service | None) -> list[Guess]:
        """Return the ways to understand a message, the likeliest first."""
        told = self._reader.understand(text, title=title)
        said = [self._guess(told, at) for at in range(len(told.suggestions))]
        said = self._by_correction(told, said)
        if service is None or not service.topic:
            return said
        return _with_choice(said, service, _more(told, service.nature))

    def services(self, text: str) -> Sequence[str]:
        """Return the services that the words so far speak for, the likeliest first."""
        if self.model is None or len(text) < 4:
            return ()
        found = [service_of(guess.topic) for guess in self.guesses(text, "", None)]
        return list(dict.fromkeys(code for code in found if code))

    def corrected(self, number: int, text: str, topic: str) -> None:
        """Remember what a person made of a case."""
        vector = self._vector(self._reader.understand(text).words)
        if vector:
            self._mended[number] = (vector, topic)
            if len(self._mended) > CORRECTED:
                self._mended.popitem(last=False)

    def _guess(self, told: Understanding, at: int) -> Guess:
        found = told.suggestions[at]
        proved = topic_of(found.topic)
        exact = finer(found.topic, told.words)
        because = found.because or (found.topic,)
        topic = exact if within(exact, proved) else proved
        sure = 0.0 if told.emergency and at == 0 else found.probability
        return Guess(topic=topic, proved=proved, sure=sure, because=because, **_more(told, ""))

    def _by_correction(self, told: Understanding, said: list[Guess]) -> list[Guess]:
        mine, best, topic = self._vector(told.words), ALIKE, ""
        for vector, known in self._mended.values():
            alike = sum(much * vector.get(at, 0.0) for at, much in mine.items())
            if alike >= best:
                best, topic = alike, known
        if not topic or (said and said[0].topic == topic):
            return said
        because = ("今日更正 corrected today",)
        first = Guess(topic=topic, proved="", sure=round(best, 3), because=because,
                      **_more(told, ""))  # fmt: skip
        return [first, *said]

    def _vector(self, said: Sequence[str]) -> Vector:
        if self.model is None or not said:
            return {}
        at, much = self.model.terms.weigh(said)
        length = float((much @ much) ** 0.5)
        return dict(zip(at.tolist(), (much / length).tolist(), strict=True)) if length else {}


def opened(folder: Path, office: Office) -> Listener:
    """Open the model of a folder; what is wrong with it is kept to be told, never raised."""
    path = folder / FILE
    try:
        if path.stat().st_size > LARGEST:
            return Listener(office, None, f"{FILE} is larger than any model")
        return Listener(office, load(path.read_bytes()))
    except FileNotFoundError:
        return Listener(office, None, f"there is no {FILE}")
    except (OSError, ModelError) as wrong:
        return Listener(office, None, str(wrong))


def note(listener: Listener) -> Event:
    """Return the record of which model reads from now on, or why none does."""
    if listener.model is None:
        return Event("read_by_hand", {"why": listener.trouble[:300]})
    card = listener.model.card
    told = {"model": card.version, "made": card.made, "data": card.digest, "origin": card.origin}
    return Event("read_by_model", dict(told) | {"macro_f1": card.macro_f1})


def _more(told: Understanding, nature: str) -> dict[str, str]:
    """Return nature, urgency, object, place and area as far as the words tell."""
    known = told.nature.code if told.nature.code in NATURES else "other"
    place = told.places[0] if told.places else None
    sure = place is not None and place.confidence >= SURE_PLACE
    return {
        "nature": nature or known,
        "urgency": told.urgency.code,
        "thing": thing_of(told.thing),
        "place": place.said if place is not None and (sure or place.shape == "unknown") else "",
        "area": area_of(place.district) if place is not None and sure else "",
    }


def _with_choice(said: list[Guess], service: Service, more: dict[str, str]) -> list[Guess]:
    """Join what the words say with the service that the caller chose.

    Where both agree the service is the finer word, and what was proved of the words still holds;
    where they differ the words go first and the choice is a suggestion.
    """
    chosen = Guess(topic=service.topic, proved="", sure=CHOSEN, because=(service.name.zh,), **more)
    if not said:
        return [chosen]
    first = said[0]
    if first.whole and within(service.topic, first.whole):
        because = (*first.because, service.name.zh)
        both = Guess(topic=service.topic, proved=first.whole, sure=first.sure, because=because,
                     **more)  # fmt: skip
        return [both, *said[1:]]
    return [first, chosen, *said[1:]]
