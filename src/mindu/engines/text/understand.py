"""Understand: one message in, all that the hotline needs to know about it out."""

import msgspec

from mindu.engines.text.axes import Emergency, Feeling, Held, emergency, feeling, nature, urgency
from mindu.engines.text.clean import clean
from mindu.engines.text.mask import mask
from mindu.engines.text.places import Gazetteer, Place
from mindu.engines.text.topics import TopicModel
from mindu.engines.text.topics.model import Guess
from mindu.engines.text.words import words


class Understanding(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says, without the people in it; nothing is decided: a person may differ."""

    text: str  # cleaned and masked: the only form that may be stored, searched or learned from
    cut: bool  # the message was longer than can be read; its end was left out
    masked: tuple[str, ...]  # kinds of what was taken out, in order, e.g. ("phone", "name")
    suggestions: tuple[Guess, ...]  # at most three topics with their reasons
    auto: bool  # the first suggestion is certified to be forwarded alone
    nature: Held
    urgency: Held
    emergency: Emergency | None  # hand over at once, with the words to say
    places: tuple[Place, ...]  # best first
    thing: str | None  # what it is about, if a known kind of object is named
    feeling: Feeling
    words: tuple[str, ...]  # as cut by the segmenter: for `same` and `assist`
    model: str | None  # version of the topic model, None when there was none


class Reader:
    """Reads messages with one topic model (or none: then people classify) and one gazetteer."""

    def __init__(self, model: TopicModel | None, gazetteer: Gazetteer) -> None:
        self.model, self.gazetteer = model, gazetteer

    def understand(self, text: str, *, title: str = "") -> Understanding:
        """Return what a message says; `title` is read before the body. Any text is safe to give."""
        plain = clean(f"{title}\n{text}" if title.strip() else text)
        hidden = mask(plain.text)
        cut = words(hidden.text)
        classified = self.model.classify(cut) if self.model and cut else None
        told = emergency(hidden.text)
        return Understanding(
            text=hidden.text,
            cut=plain.cut,
            masked=tuple(span.kind for span in hidden.found),
            suggestions=classified.guesses if classified else (),
            auto=classified is not None and classified.auto and told is None,
            nature=nature(hidden.text),
            urgency=urgency(hidden.text),
            emergency=told,
            places=self.gazetteer.find(hidden.text),
            thing=self.gazetteer.thing(hidden.text),
            feeling=feeling(hidden.text),
            words=tuple(cut),
            model=self.model.card.version if self.model else None,
        )
