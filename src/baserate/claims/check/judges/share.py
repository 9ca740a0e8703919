"""Whether a part is the asserted share of its whole."""

from __future__ import annotations

from baserate.claims.check.as_question import required, shares
from baserate.claims.check.finding import Asker, Finding, Unsettled, cannot_tell, contradicted
from baserate.claims.check.said import asserted_words, capital, counted
from baserate.claims.check.tolerance import percent_fits
from baserate.claims.check.traps import traps_of
from baserate.claims.claim import Claim, Magnitude
from baserate.measure.answer import Answer
from baserate.terms.offenses import offense
from baserate.terms.places import Place


def judge_share(claim: Claim, where: Place, asker: Asker) -> Finding:
    """A percent of a whole; half and most are percents too."""
    if claim.whole is None and claim.against is None:
        raise Unsettled("The text does not say of which whole it is a share")
    if claim.comparator_period is not None and claim.whole is None:
        raise Unsettled("A share of a rise or a fall is not in the records")
    answer = asker(shares(claim, where, required(claim)))
    size = _percent(claim)
    if size is None:
        return cannot_tell(f"It asserts no share. {_told(claim, where, answer)}.", answer=answer)
    assert answer.value is not None
    told = _told(claim, where, answer)
    if percent_fits(size, answer.value):
        return Finding(
            verdict="supported", why=f"{told}.", answer=answer, traps=tuple(traps_of(answer))
        )
    return contradicted(told, asserted_words(size), answer=answer, traps=traps_of(answer))


def _percent(claim: Claim) -> Magnitude | None:
    """The share in percent; a factor below one is a fraction."""
    size = claim.size("percent", "points")
    if size is not None:
        return size
    fraction = claim.size("factor")
    if fraction is not None and 0 < fraction.value < 1:
        return Magnitude(100 * fraction.value, "percent", fraction.how)
    return None


def _told(claim: Claim, where: Place, answer: Answer) -> str:
    assert claim.offense is not None
    part = offense(counted(claim.offense)).many
    period, value = answer.question.period, answer.value or 0.0
    if claim.whole is not None:
        whole = offense(claim.whole).many
        return f"{capital(part)} were {value:.1f}% of recorded {whole} in {where} in {period}"
    of_all = f"of the recorded {part} of {answer.question.against} in {period}"
    return f"{capital(where.name)} had {value:.1f}% {of_all}"
