"""The place of a claim: the one its sentence names, or else the one the text has come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from baserate.claims import lexicon
from baserate.claims.claim import Where
from baserate.claims.context.readings import THE_NATION, county_word, just, settled, state_of
from baserate.claims.context.whole_text import WholeText, cites_the_nation, places_in
from baserate.claims.find import Read
from baserate.claims.scan import Mention
from baserate.claims.statement import Statement
from baserate.terms.places import find_places
from baserate.terms.words import words_of

LISTED = 2  # places; a sentence that names more, and claims nothing, moves a text nowhere
OPENING = 4  # sentences that tell where a text is set
DATELINE = 4  # what a dateline weighs, where a place of a sentence weighs 2


@dataclass(slots=True)
class PlacesSoFar:
    """Where a text has been, sentence by sentence.

    place           what it speaks of now
    city, county,   the last of each kind that was named: "the city", "countywide"
    state
    cites_nation    whether this sentence names a source of the nation's figures
    """

    text: WholeText
    main: Where | None
    place: Where | None = None
    city: Where | None = None
    county: Where | None = None
    state: Where | None = None
    paragraph: int = -1
    cites_nation: bool = False

    def enter(self, read: Read) -> None:
        """Go on to a sentence, and notice the places it names, also where nothing is claimed."""
        if read.sentence.paragraph != self.paragraph:
            self._begin_paragraph(read.sentence.paragraph)
        self.cites_nation = _is_nation(self.main) and cites_the_nation(read)
        named = list(places_in([read]))
        if len({where.label for _, where in named}) > LISTED and not read.statements:
            return
        for mention, said in named:
            if not _is_federal(mention, said) and not _is_government(mention, read):
                self._notice(settled(said, self.text), moves=not read.statements)

    def _begin_paragraph(self, number: int) -> None:
        """A text about one city comes back to it; one about the nation stays with its example."""
        self.paragraph = number
        if self.main is not None and not _is_nation(self.main):
            self.place = self.main

    def _notice(self, where: Where, *, moves: bool) -> None:
        kinds = {p.kind for p in where.places}
        if county_word(where):
            self.county = where
        if "city" in kinds or where.label == "Washington, DC":
            self.city = where
        elif "state" in kinds:
            self.state = where
        local = where.only is not None and where.only.kind in {"city", "state"}
        if moves and (local or county_word(where)):
            self.place = where

    def place_of(self, said: Statement) -> Where | None:
        """Where a statement holds."""
        if said.where is not None:
            return settled(said.where, self.text)
        match said.own:
            case "city":
                return self.city or self.place or self.main
            case "state":
                return self.state or state_of(self.city) or self.place
            case "county" if self.county or self.place:
                return self.county or self.place
        if said.names:
            return settled(said.names[0], self.text)
        if self.cites_nation:
            return self.main
        return self.place or self.main or default_place(self.text)


def main_place(text: WholeText) -> Where | None:
    """The place that a text is about: named most, at its start and beside its figures.

    A place that is named once, and late, is none.
    """
    weights: Counter[str] = Counter()
    places: dict[str, Where] = {}
    likely: dict[str, Where] = {}
    for at, read in enumerate(text.reads):
        for mention, said in places_in([read]):
            where = settled(said, text)
            if _is_federal(mention, said) or not (where.places or county_word(where)):
                continue
            if _is_government(mention, read):
                continue
            weights[where.label] += _weight(mention, read, early=at < OPENING)
            if at < OPENING or where.label in places:
                likely[where.label] = where
            places[where.label] = where
    return likely[max(likely, key=weights.__getitem__)] if likely else None


def _weight(mention: Mention, read: Read, *, early: bool) -> int:
    """How much one mention says that the text is about its place."""
    said = read.scan.text[mention.start : mention.end].lower()
    in_passing = said in lexicon.words("nation", "in_passing")
    bare_name = mention.kind == "name" and not mention.key
    weight = DATELINE if mention.key == "dateline" else 1 if in_passing or bare_name else 2
    return weight * (3 if read.statements else 2) * (2 if early else 1)


def default_place(text: WholeText) -> Where | None:
    """A text that names no place, or only the nation's sources, is about the nation."""
    if text.cites_the_nation:
        return THE_NATION
    outlet = find_places(words_of(text.article.outlet or ""))
    homes = tuple(p for f in outlet for p in f.meanings if p.kind in {"city", "state"})
    if homes:
        return just(homes[0]) if len(homes) == 1 else settled(Where(homes[0].key, homes), text)
    return None if text.names_a_place or text.is_local else THE_NATION


def _is_nation(where: Where | None) -> bool:
    return where is not None and where.label == THE_NATION.label


def _is_government(mention: Mention, read: Read) -> bool:
    """ "Nobody in Washington cares": the government, where no figure is given of the city."""
    said = read.scan.text[mention.start : mention.end]
    return said in lexicon.words("government") and not read.statements


def _is_federal(mention: Mention, where: Where) -> bool:
    """A dateline of Washington says that the story is the nation's, not the District's."""
    return mention.key == "dateline" and any(p.key == "DC" for p in where.places)
