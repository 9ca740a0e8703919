"""Check a claim: put it to the records as a Question, and set the answer beside what was said.

A figure is right as far as it was printed, a change if its direction and its size are, a record
if no other year goes beyond it. What the records cannot decide is "can't tell", with the reason
and what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from baserate.claims.check.doubts import Judge, reconsidered
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell
from baserate.claims.check.judges.change import judge_change
from baserate.claims.check.judges.comparison import judge_comparison
from baserate.claims.check.judges.effect import judge_effect
from baserate.claims.check.judges.extremum import judge_extremum
from baserate.claims.check.judges.figure import judge_figure
from baserate.claims.check.judges.rank import judge_rank
from baserate.claims.check.judges.share import judge_share
from baserate.claims.check.judges.trend import judge_trend
from baserate.claims.check.misplaced import without_misplaced
from baserate.claims.check.needs import needs_of
from baserate.claims.check.said_of_now import of_the_last_year
from baserate.claims.check.traps import trap
from baserate.claims.check.words import is_said, says
from baserate.claims.checked import AsOf, Checked, ClaimVerdict, Trap
from baserate.claims.claim import Claim, ClaimKind
from baserate.errors import BaserateError, NoRecords, PlaceNotHeld
from baserate.measure.answer import Answer
from baserate.measure.effects.found import EffectFound, known_effects
from baserate.measure.question import Question
from baserate.store.open import Store
from baserate.terms.offenses import offenses
from baserate.terms.places import Place, place

JUDGES: dict[ClaimKind, Judge] = {
    "count": judge_figure,
    "level": judge_figure,
    "change": judge_change,
    "trend": judge_trend,
    "rank": judge_rank,
    "share": judge_share,
    "extremum": judge_extremum,
    "comparison": judge_comparison,
}

READINGS_SHOWN = 4
YEARS_OF_REVISION = 3  # after so many, a year's figures were published anew several times
DISTRICT = "Washington, DC"  # the city is the District, and the states' tables have that


def check(claim: Claim, store: Store, *, published: date | None = None) -> Checked:
    """The verdict of the records on one claim, with the reason and the Answer behind it."""
    return Checker(store).check(claim, published)


@dataclass(frozen=True)
class Checker:
    """Checks many claims by one store; a question that comes again is not asked again.

    `effects` are the studies that claims about programs are held against.
    """

    store: Store
    effects: tuple[EffectFound, ...] = field(default_factory=known_effects)
    _asked: dict[Question, Answer | BaserateError] = field(default_factory=dict, repr=False)

    def check(self, claim: Claim, published: date | None = None) -> Checked:
        """One claim; `published` is when it was written."""
        if claim.not_checkable is not None:
            return Checked(
                claim=claim,
                verdict="not a checkable statement",
                why=_sentence(claim.not_checkable),
            )
        asked = of_the_last_year(claim, published)
        now = _turned(claim, self._find(asked, published, None))
        then = self._then(asked, published, now)
        why = now.why
        if now.verdict == "contradicted" and then is None:
            later = _of_a_later_release(now, published)
            why = f"{why}{later}"
            if later and self._is_near(asked, published, now):
                now = replace(now, verdict="can't tell", traps=())
                why = f"{why} So small a miss cannot be told from a revision."
        if then is not None and then.verdict != now.verdict:
            why = f"{why} By the figures published until {then.day:%-d %B %Y}: {then.verdict}."
        return Checked(
            claim=claim,
            verdict=now.verdict,
            why=why,
            answer=now.answer,
            then=then,
            traps=tuple(dict.fromkeys(now.traps)),
            caveats=now.answer.caveats if now.answer else (),
            needs=now.needs,
            study=now.study,
        )

    def check_all(
        self, claims: Iterable[Claim], published: date | None = None
    ) -> tuple[Checked, ...]:
        """All claims of one article, each in the light of the others."""
        return without_misplaced(tuple(self.check(claim, published) for claim in claims))

    def _then(self, claim: Claim, published: date | None, now: Finding) -> AsOf | None:
        """The same by the releases of the day it was written; None where they do not reach."""
        if published is None or now.answer is None:
            return None
        if all(e.released <= published for e in self.store.entries):
            return AsOf(published, now.verdict, now.why, now.answer)
        try:
            self.store.require_release(published)
        except NoRecords:
            return None
        found = self._find(claim, published, published)
        if found.answer is None or found.verdict == "can't tell":
            return None
        return AsOf(published, found.verdict, found.why, found.answer)

    def _is_near(self, claim: Claim, published: date | None, now: Finding) -> bool:
        """Whether old figures miss by so little that "about" would have made them right."""
        assert now.answer is not None
        age = now.answer.vintage.released.year - now.answer.question.period.last_year
        if age < YEARS_OF_REVISION:
            return False
        loosely = (replace(m, how="about") if m.how == "exactly" else m for m in claim.magnitudes)
        found = self._find(replace(claim, magnitudes=tuple(loosely)), published, None)
        return found.verdict in {"supported", "misleading"}

    def _find(self, claim: Claim, published: date | None, as_of: date | None) -> Finding:
        if claim.kind == "effect":
            return judge_effect(claim, self.effects)
        asker = Asker(self.store, published, as_of, self._asked)
        obstacle = _obstacle(claim, published)
        if obstacle is not None:
            return replace(obstacle, needs=needs_of(claim, _only(claim), None, self.store))
        assert claim.where is not None
        found = [self._of_reading(claim, where, asker) for where in claim.where.places]
        return _of_all_readings(claim, found)

    def _of_reading(self, claim: Claim, where: Place, asker: Asker) -> Finding:
        """One reading of the place. What cannot be asked is can't tell, and says why."""
        try:
            judge = _judge(claim)
            return reconsidered(claim, where, judge(claim, where, asker), judge, asker)
        except BaserateError as error:
            if where.key == DISTRICT:
                return self._of_reading(claim, place("DC"), asker)
            needs = needs_of(claim, where, error, self.store)
            why = _plain(error, claim, where)
            if claim.offense == "all_crime":
                why = f"{why} {self._violence_alone(claim, where, asker)}".rstrip()
            return cannot_tell(why, *needs)

    def _violence_alone(self, claim: Claim, where: Place, asker: Asker) -> str:
        """What the violent part did, where the whole of crime is not held; empty if it is not."""
        if claim.kind not in {"trend", "change"} or claim.magnitudes:
            return ""
        violent = replace(claim, offense="violent_crime")
        try:
            found = JUDGES[claim.kind](violent, where, asker)
        except BaserateError:
            return ""
        return f"Of violent crime alone: {found.why[:1].lower()}{found.why[1:]}"


def _of_a_later_release(found: Finding, published: date | None) -> str:
    """That the text could not have had these figures, where that may explain a wrong number."""
    answer = found.answer
    if published is None or answer is None or not found.missed:
        return ""
    if answer.vintage.released <= published:
        return ""
    day = answer.vintage.day.removeprefix("by ")
    return f" This is by the release of {day}; an earlier one may have differed."


def _turned(claim: Claim, found: Finding) -> Finding:
    """Of "did not rise" the verdict on "rose", the other way round."""
    other: dict[ClaimVerdict, ClaimVerdict] = {
        "supported": "contradicted",
        "contradicted": "supported",
    }
    if not claim.negated or found.verdict not in other:
        return found
    return replace(found, verdict=other[found.verdict])


def _judge(claim: Claim) -> Judge:
    """By its kind; "the second lowest since 1970" ranks years and not places."""
    of_years = claim.comparator_period is not None and claim.rank_among is None
    if claim.kind == "rank" and of_years and claim.size("rank") and claim.against is None:
        return judge_extremum
    return JUDGES[claim.kind]


def _obstacle(claim: Claim, published: date | None) -> Finding | None:
    """Why nothing can be asked at all; None where something can."""
    kind = offenses().get(claim.offense) if claim.offense else None
    if kind is None:
        named = f"There are no records of {claim.offense}" if claim.offense else None
        return cannot_tell(_sentence(named or "The text does not say which offense is meant"))
    if not kind.held:
        return cannot_tell(_sentence(f"There are no records of {kind.many} here: {kind.why}"))
    if claim.where is None:
        return cannot_tell("The text does not say which place is meant.")
    if not claim.where.places:
        no_table = cannot_tell(f"No table at hand has {claim.where.label} as one place.")
        return replace(no_table, traps=tuple(_of_a_group(claim)))
    if claim.period is None:
        return cannot_tell("The text does not say which time is meant.")
    return _not_over(claim, published)


def _not_over(claim: Claim, published: date | None) -> Finding | None:
    """A year that was not over, which no figure of a whole year can settle; a trend may be."""
    assert claim.period is not None
    if claim.kind in {"trend", "extremum", "comparison"} or not claim.period.is_whole_years:
        return None
    if claim.to_date or (published is not None and published <= claim.period.last):
        why = (
            f"{claim.period.last_year} was not over when it was written, and a part of a year "
            "cannot be held against whole ones."
        )
        return replace(cannot_tell(why), traps=(trap("partial year", why),))
    return None


def _of_a_group(claim: Claim) -> Iterator[Trap]:
    """What may mislead in a figure of many cities at once."""
    assert claim.where is not None
    if is_said("a group of cities", claim.where.label):
        yield trap("a changed panel")
        if says("an average", claim):
            yield trap("average of cities")


def _only(claim: Claim) -> Place | None:
    return claim.where.places[0] if claim.where and claim.where.places else None


def _of_all_readings(claim: Claim, found: list[Finding]) -> Finding:
    """The verdict that every reading of the place leads to, or that it depends on the reading."""
    assert claim.where is not None
    verdicts = {f.verdict for f in found}
    if len(found) == 1 or (len(verdicts) == 1 and "can't tell" not in verdicts):
        return found[0]
    if verdicts == {"can't tell"}:
        why = f"{claim.where.label!r} can be {len(found)} places. {found[0].why}"
        return cannot_tell(why, *found[0].needs)
    by_place = zip(claim.where.places, found, strict=True)
    shown = "; ".join(f"{where}: {f.verdict}" for where, f in list(by_place)[:READINGS_SHOWN])
    rest = len(found) - READINGS_SHOWN
    more = f"; and {rest} more" if rest > 0 else ""
    return cannot_tell(f"{claim.where.label!r} can be several places: {shown}{more}.")


def _plain(error: BaserateError, claim: Claim, where: Place) -> str:
    """The first sentence of an error, without the advice on how to ask."""
    text = str(error)
    if isinstance(error, PlaceNotHeld):
        assert claim.offense is not None
        return f"There are no records of {offenses()[claim.offense].name} in {where} here."
    if isinstance(error, Unsettled):
        return _sentence(text)
    for end in ("; ask ", ". Ask ", ". What would answer it", "; leave ", "; use ", "; name "):
        text = text.split(end)[0]
    return _sentence(text)


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
