"""What an article's own words contradict: no records are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from baserate.claims.checked import Inconsistency
from baserate.claims.claim import Claim, Magnitude, Sentence
from baserate.claims.consistency.breakdowns import parts_and_total, percents_of_the_whole
from baserate.claims.consistency.enumerations import miscounted_names
from baserate.claims.consistency.figures import Figure, Pair, figures_of, pairs_of
from baserate.claims.consistency.percents import (
    Kind,
    Sign,
    directions,
    inconsistency_at,
    last_direction,
    percent_problem,
)
from baserate.claims.consistency.words import either, vocabulary

LONGEST_SENTENCE = 2_000  # characters; what is longer is a table or no sentence
MOST_FIGURES = 40  # of one sentence; what has more is a table
_NEAR = 60
_CLAUSE = re.compile(r"[;:]|\. [A-Z]|\b(?:and|but|while|although|though|whereas)\b", re.I)
_YEARLY = re.compile(r" (?:a|per|each|every) (?:year|month|decade)\b| annually|,? on average")
_TAKES_UP = re.compile(
    r"(?:That|This|It|Which)"
    r"(?:['’]s| is| was| marks| marked| represents| represented| amounts to| means)\b"
)
# From "rose" to its numbers: "rose sharply from", "an increase in murders from".
_LEADS_ON = re.compile(r"(?: [a-z]{1,14})?(?: in [a-z ]{1,40})? (?:from|to)\b")
_RANKS = re.compile(r"\b(?:per capita|adjusted)\b|\bin the rate\b", re.I)


def inconsistencies(
    article_text: str, sentences: Sequence[Sentence], claims: Sequence[Claim] = ()
) -> list[Inconsistency]:
    """Everything the article says that its own other words contradict, in order.

    >>> text = "Killings rose from 85 to 127, a 33 percent increase."
    >>> [i.kind for i in inconsistencies(text, [Sentence(0, len(text), text, 0)])]
    ['percent of its own numbers']
    """
    short = [s for s in sentences if len(s.text) <= LONGEST_SENTENCE]
    found = miscounted_names(short)
    before: list[Pair] = []
    for sentence in short:
        figures = figures_of(sentence.text)
        if len(figures) > MOST_FIGURES:
            before = []
            continue
        pairs = list(pairs_of(sentence.text, figures))
        found += _in_sentence(sentence, figures, pairs, before)
        before = pairs
    taken = [(i.start, i.end) for i in found]
    found += [i for i in _of_claims(claims) if not _overlaps(i, taken)]
    return sorted((i for i in found if i.end <= len(article_text)), key=lambda i: (i.start, i.end))


def _overlaps(one: Inconsistency, taken: Sequence[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in taken)


def _in_sentence(
    sentence: Sentence, figures: Sequence[Figure], pairs: Sequence[Pair], before: Sequence[Pair]
) -> Iterator[Inconsistency]:
    text = sentence.text
    yield from parts_and_total(sentence, figures)
    yield from percents_of_the_whole(sentence, figures)
    if _elsewhere().search(text):
        return
    for pair in pairs:
        wrong = _wrong_percent(text, figures, pair) or _wrong_multiple(text, pair)
        wrong = wrong or _wrong_difference(text, figures, pair)
        direction = None if wrong else _wrong_direction(text, pair)
        if wrong:
            yield inconsistency_at(sentence, *wrong)
        elif direction:
            yield inconsistency_at(sentence, *direction)
    yield from _percent_between(sentence, figures, pairs)
    yield from _taken_up(sentence, figures, before)


@cache
def _elsewhere() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either(vocabulary()['words']['elsewhere'])})\b", re.I)


Wrong = tuple[Kind, int, int, str]


def _wrong_percent(text: str, figures: Sequence[Figure], pair: Pair) -> Wrong | None:
    """A percent beside two figures that do not give it."""
    for percent in (f for f in figures if f.unit == "percent"):
        if not _belongs(text, percent, pair) or _RANKS.search(text, percent.end):
            continue
        why = percent_problem(percent, pair.later, pair.earlier, _sign(text, percent))
        if why:
            start = min(percent.start, pair.first.start)
            return why[0], start, max(percent.end, pair.second.end), why[1]
    return None


def _belongs(text: str, percent: Figure, pair: Pair) -> bool:
    """Whether the percent is said of this pair: "from 85 to 127, a 49 percent rise"."""
    if _YEARLY.match(text, percent.end):
        return False
    if percent.start > pair.second.end:
        between = text[pair.second.end : percent.start]
        if len(between) > _NEAR or not _after_pair().search(between):
            return False
        named = directions().match(text, min(len(text), percent.end + 1))
        alike = re.search(r"(?:\bor|\bup|\bdown|\bby|is)(?: [a-z]+){0,2} \Z", between)
        return bool(named) or (bool(alike) and percent.of != "of")
    if percent.end < pair.first.start:
        between = text[percent.end : pair.first.start]
        return len(between) <= _NEAR and bool(_before_pair().search(between))
    return False


@cache
def _hedges() -> str:
    words = vocabulary()["words"]
    return either([*words["almost"], *words["beyond"], *words["below"], "just"])


@cache
def _after_pair() -> re.Pattern[str]:
    link = (
        "or|up|down|an?|that is|that’s|that's|which is|which was|representing|marking|for an?"
        "|by|an increase of|a decrease of|a drop of|a rise of|a jump of|a decline of"
    )
    return re.compile(
        rf"\A(?!.*\b(?:and|but|while|with)\b)[^;:.]*(?:,|\(|–|—|--| or) ?"
        rf"(?:(?:{link}|{_hedges()}) ?){{0,3}}\Z",
        re.I,
    )


@cache
def _before_pair() -> re.Pattern[str]:
    words = vocabulary()["words"]
    noun = either([*words["rises"], *words["falls"]])
    going = "going|rising|falling|jumping|dropping|climbing|declining|increasing"
    return re.compile(
        rf"\A(?: (?:{noun}))?(?: in [a-z ]{{1,25}})?[,(–—-]{{0,2}} ?(?:(?:{going}) )?"
        rf"(?:from|to) (?:the )?(?:(?:{_hedges()}) )?\Z",
        re.I,
    )


def _sign(text: str, percent: Figure) -> Sign:
    """Up or down, by the word right after the percent or the last one shortly before it."""
    after = directions().match(text, min(len(text), percent.end + 1))
    if after:
        return "up" if after["up"] else "down"
    before = text[max(0, percent.start - 30) : percent.start]
    cut = re.split(r"[,;(–—]", before)[-1]
    return last_direction(cut)[0]


def _wrong_direction(text: str, pair: Pair) -> Wrong | None:
    """ "Rose from 50 to 40", "33 homicides, down from 27"."""
    if pair.years != tuple(sorted(pair.years)) and pair.form == "from to":
        return None
    if pair.later.value == pair.earlier.value or pair.later.hedge or pair.earlier.hedge:
        return None
    if pair.later.of != pair.earlier.of and pair.later.of[-1:] == pair.earlier.of[-1:] == "s":
        return None
    sign, start = _said_of(text, pair)
    if pair.form == "against" and _another_fits(text, pair, sign):
        return None
    if not sign or sign == ("up" if pair.later.value > pair.earlier.value else "down"):
        return None
    numbers = f"from {pair.earlier.printed} to {pair.later.printed}"
    word = {"up": "an increase", "down": "a decrease"}[sign]
    why = f"The text calls the change {numbers} {word}, and it is the opposite."
    return "direction", min(start, pair.first.start), pair.second.end, why


def _said_of(text: str, pair: Pair) -> tuple[Sign, int]:
    if pair.form == "against":
        between = text[pair.first.end : pair.second.start]
        m = re.search(r"\b(up|down)(?: slightly| sharply)? from\b", between)
        if m is None or _CLAUSE.search(between) or pair.first.of in {"percent", "in", "of", "or"}:
            return "", 0
        return ("up" if m[1] == "up" else "down"), pair.first.start
    begin = max(0, pair.first.start - 50)
    before = text[begin : pair.first.start]
    cut = max((before.rfind(c) for c in ".;:,()"), default=-1) + 1
    if re.search(r"\d|\b(?:not|n't|than|little|no|million)\b", before[cut:]):
        return "", 0
    found = list(directions().finditer(before, cut))
    if not found or not _LEADS_ON.match(before, found[-1].end()):
        return "", 0
    return ("up" if found[-1]["up"] else "down"), begin + found[-1].start()


def _another_fits(text: str, pair: Pair, sign: Sign) -> bool:
    """ "12 murders among 48 shootings, down from 15" speaks of the 12."""
    others = [f for f in figures_of(text) if f.unit == "count" and f.end <= pair.first.start]
    fits = [f.value < pair.earlier.value for f in others if f.value != pair.earlier.value]
    return (sign == "down" and any(fits)) or (sign == "up" and not all(fits))


def _wrong_multiple(text: str, pair: Pair) -> Wrong | None:
    """ "Doubled from 30 to 45"."""
    before = text[max(0, pair.first.start - 40) : pair.first.start]
    m = _multiples().search(before)
    if m is None or not pair.earlier.value:
        return None
    bound = vocabulary()["words"]["multiples"][m["times"].lower()]
    ratio = pair.later.value / pair.earlier.value
    bound = bound * (0.87 if bound > 1 else 1.2) if m["hedge"] else bound
    if ratio >= bound if bound > 1 else ratio <= bound:
        return None
    start = max(0, pair.first.start - 40) + m.start()
    why = (
        f"The text says {m['times'].lower()}, but {pair.later.printed} is "
        f"{ratio:.2f} times {pair.earlier.printed}."
    )
    return "percent of its own numbers", start, pair.second.end, why


@cache
def _multiples() -> re.Pattern[str]:
    words = vocabulary()["words"]
    return re.compile(
        rf"(?:(?P<hedge>{either(words['almost'])}) )?\b(?P<times>{either(words['multiples'])})"
        r",? (?:from|to) (?:the |about )?\Z",
        re.I,
    )


def _wrong_difference(text: str, figures: Sequence[Figure], pair: Pair) -> Wrong | None:
    """ "Up 22 to 114, from 90"."""
    before = [f for f in figures if f.end < pair.first.start and f.unit == "count"]
    if pair.form != "to from" or not before or before[-1].hedge:
        return None
    step = before[-1]
    sign, _ = last_direction(text[max(0, step.start - 14) : step.start])
    if (
        not sign
        or text[step.end : pair.first.start] != " to "
        or pair.later.hedge
        or pair.earlier.hedge
    ):
        return None
    gap = pair.later.value - pair.earlier.value
    if abs(abs(gap) - step.value) < 0.5 and (gap > 0) == (sign == "up"):
        return None
    numbers = f"{pair.earlier.printed} to {pair.later.printed}"
    why = f"The text says {sign} {step.printed}, but {numbers} is {gap:+,.0f}."
    return "parts and total", step.start, pair.second.end, why


def _percent_between(
    sentence: Sentence, figures: Sequence[Figure], pairs: Sequence[Pair]
) -> Iterator[Inconsistency]:
    """ "330 robberies, up 60 percent from 224 a year earlier"."""
    text = sentence.text
    known = [f for f in figures if f.unit != "year"]
    for later, percent, earlier in zip(known, known[1:], known[2:], strict=False):
        if (later.unit, percent.unit, earlier.unit) != ("count", "percent", "count"):
            continue
        before, after = text[later.end : percent.start], text[percent.end : earlier.start]
        if len(before) > _NEAR or _CLAUSE.search(before) or not _is_remark().search(before):
            continue
        if not _from_what().fullmatch(after) or any(p.first is earlier for p in pairs):
            continue
        sign = _sign(text, percent)
        measured = vocabulary()["words"]["measures"]
        if not sign or later.of in measured or earlier.of in measured or _ranked(text, percent):
            continue
        if any(
            f.unit == "count" and f.end < later.start and later.start - f.end < _NEAR
            for f in figures
        ):
            continue
        why = percent_problem(percent, later, earlier, sign)
        if why:
            yield inconsistency_at(sentence, why[0], later.start, earlier.end, why[1])


def _ranked(text: str, percent: Figure) -> bool:
    return bool(_RANKS.search(text, percent.end))


@cache
def _is_remark() -> re.Pattern[str]:
    """ "330 robberies, up" or "the 701 killings mark a": the percent is a remark on the figure."""
    return re.compile(
        rf"(?:[,(–—] ?(?:which (?:is|was) )?"
        rf"|\b(?:marks?|marked|represents?|represented|is|was|were) )"
        rf"(?:up|down|an?)(?: {_hedges()}| [a-z]{{1,12}})? \Z",
        re.I,
    )


@cache
def _from_what() -> re.Pattern[str]:
    words = vocabulary()["words"]
    noun = either([*words["rises"], *words["falls"]])
    return re.compile(
        rf"(?: (?:{noun}))? (?:from|over|compared with|compared to) (?:the )?(?:(?:{_hedges()}) )?",
        re.I,
    )


def _taken_up(
    sentence: Sentence, figures: Sequence[Figure], before: Sequence[Pair]
) -> Iterator[Inconsistency]:
    """ "That's a 300 percent increase", of the one pair of the sentence before."""
    percents = [f for f in figures if f.unit == "percent"]
    counts = [f for f in figures if f.unit == "count"]
    opening = _TAKES_UP.match(sentence.text)
    if len(before) != 1 or len(percents) != 1 or counts or opening is None:
        return
    if percents[0].start - opening.end() > 25 or _RANKS.search(sentence.text):
        return
    sign = _sign(sentence.text, percents[0])
    why = percent_problem(percents[0], before[0].later, before[0].earlier, sign) if sign else None
    if why:
        yield inconsistency_at(sentence, why[0], percents[0].start, percents[0].end, why[1])


def _of_claims(claims: Sequence[Claim]) -> Iterator[Inconsistency]:
    """Claims of change that carry their percent and both figures."""
    for claim in claims:
        percent, counts = claim.size("percent"), claim.counts
        if claim.kind != "change" or percent is None or len(counts) != 2:
            continue
        sign: Sign = (
            "" if claim.direction in {None, "none"} else "up" if claim.direction == "up" else "down"
        )
        why = percent_problem(
            _as_figure(percent), _as_figure(counts[0]), _as_figure(counts[1]), sign
        )
        if why and counts[0].unit == counts[1].unit:
            yield Inconsistency(claim.start, claim.end, why[0], why[1])


def _as_figure(size: Magnitude) -> Figure:
    hedge = {"about": "almost", "more than": "beyond", "less than": "below"}.get(size.how, "")
    unit = "percent" if size.unit == "percent" else "count"
    return Figure(size.value, size.digits, 0, 0, unit, hedge, False, "")
