"""A selection for the terminal: the finding, the cities, the chosen, other rules, the sources."""

from __future__ import annotations

from collections.abc import Iterator

from baserate.grants.selection.contrasts import Candidate
from baserate.grants.selection.select import Selected, Variation
from baserate.publish.harmless import one_line
from baserate.publish.lines import (
    WIDTH,
    Style,
    again,
    bounded,
    labelled,
    paragraph,
    plain,
    wrapped,
)
from baserate.publish.selection_place import place_caveats, place_facts, place_rules, verdict
from baserate.publish.selection_words import (
    STANDING_ICONS,
    beside,
    cohort,
    doubt,
    finding,
    floor,
    nation_words,
    part_label,
    records_words,
    site_words,
    source_words,
    split_names,
    taken_words,
    times,
    window,
)
from baserate.terms.offenses import offense

SHOWN = 30  # cities in the table


def render_selection(
    found: Selected, command: str, style: Style = plain, width: int = WIDTH
) -> str:
    """The selection as lines of text."""
    return "\n".join(_lines(found, command, style, bounded(width)))


def _lines(found: Selected, command: str, style: Style, width: int) -> Iterator[str]:
    title = f"{found.asked.rules.title}: {offense(found.asked.offense).name}, {window(found)}"
    yield style(title, "title")
    yield ""
    body = _list if found.place is None else _place
    yield from body(found, style, width)
    yield again(command, style)


def _place(found: Selected, style: Style, width: int) -> Iterator[str]:
    """One city's answer, and only what bears on it."""
    one = found.place
    assert one is not None
    yield from paragraph(verdict(found, one), width)
    yield ""
    for label, text in place_facts(found, one):
        yield from labelled(label, text, style, width)
    yield from labelled("Records", records_words(found), style, width)
    yield ""
    thresholds = sorted({v.threshold for v in found.variations})
    head = "".join(f"{f'over {t:g}×':<12}" for t in thresholds)
    yield style(f"  {'under other rules':<30}{head}", "label").rstrip()
    for name, standings in place_rules(found):
        cells = "".join(f"{STANDING_ICONS[said] if said else '–':<12}" for said in standings)
        yield f"  {name:<30}{cells}".rstrip()
    yield _key()
    yield ""
    yield from _declared(found, style, width)
    for text in place_caveats(found, one):
        yield from labelled("Caveat", text, style, width)


def _list(found: Selected, style: Style, width: int) -> Iterator[str]:
    first, *others = (*finding(found), doubt(found))
    yield from paragraph(first, width)
    if floor(found):
        yield from labelled("Left out", floor(found), style, width)
    yield from labelled("Records", records_words(found), style, width)
    for line in others:
        yield from paragraph(line, width)
    yield ""
    yield from _table(found, style)
    yield from _declared(found, style, width)
    yield from _chosen(found, style, width)
    yield from _variations(found, style)
    for taken in found.criteria.taken:
        yield from labelled("Rule", taken_words(taken), style, width)
    yield from labelled("Nation", nation_words(found), style, width)
    for said in site_words(found):
        yield from labelled("Sites", said, style, width)
    for caveat in found.caveats:
        yield from labelled("Caveat", caveat.text, style, width)
    for entry, used in found.files:
        yield from labelled("Source", f"{source_words(entry, used)}…", style, width)


def _key() -> str:
    return "  " + "   ".join(f"{icon} {word}" for word, icon in STANDING_ICONS.items())


def _table(found: Selected, style: Style) -> Iterator[str]:
    years = "".join(f"{y:>7}" for y in found.years[-5:])
    yield style(f"  {'times the nation':<28}{years}  {'window (95%)':<22}{'rank':<10}", "label")
    shown = _shown(found)
    for one in shown:
        yield _row(found, one, style)
    left = len(found.candidates) - len(shown)
    if left:
        yield f"  … and {left} more: --csv has every city"
    yield _key()
    yield ""


def _shown(found: Selected) -> list[Candidate]:
    """The first of the list, and whoever was chosen."""
    first = found.candidates[:SHOWN]
    return [*first, *(c for c in found.candidates[SHOWN:] if c.part == "chosen")]


def _row(found: Selected, one: Candidate, style: Style) -> str:
    held = dict(zip((y.year for y in one.record.years), one.years, strict=True))
    years = "".join(
        f"{held[y].ratio:>7.2f}" if y in held else f"{'–':>7}" for y in found.years[-5:]
    )
    whole = times(one.over_window, interval=True) if one.over_window else ""
    rank = f"{one.rank.rank} ({one.rank.highest}–{one.rank.lowest})" if one.rank else ""
    name = f"{STANDING_ICONS[one.standing]} {one_line(one.key):<26}"
    name = style(name, "number") if one.part == "chosen" else name
    line = f"{name}{years}  {whole:<22}{rank:<13}{part_label(one)}"
    return f"  {line}".rstrip()


def _declared(found: Selected, style: Style, width: int) -> Iterator[str]:
    words = {True: "yes", False: "no", None: "not declared"}
    for one in found.candidates:
        if one.declared is not None:
            told = one.declared
            text = (
                f"{one.key}: commitment {words[told.commitment]}, readiness "
                f"{words[told.readiness]} ({told.source})"
            )
            yield from labelled("Declared", text, style, width)


def _chosen(found: Selected, style: Style, width: int) -> Iterator[str]:
    """Who is beside each chosen city, each named once: at the highest that it is as far up as."""
    if not found.contrasts:
        return
    head = f"beside each city chosen in {cohort(found)}: as far above the nation, not chosen then"
    yield style(f"  {head}", "label")
    for contrast, added in beside(found):
        name = f"{contrast.chosen.key} ({times(contrast.chosen.over_window)})"
        count = f"{len(contrast.as_far)}, {len(contrast.surely)} surely"
        who = split_names(found, added, 12) or ("no more" if contrast.as_far else "none")
        more = "" if len(added) == len(contrast.as_far) else "also "
        yield from _labelled_wide(f"{name:<26}{count:<16}", f"{more if added else ''}{who}", width)
    yield ""


def _labelled_wide(start: str, text: str, width: int) -> Iterator[str]:
    lines = wrapped(one_line(text), width - len(start) - 2)
    yield f"  {start}{lines[0]}"
    yield from (" " * (len(start) + 2) + line for line in lines[1:])


def _variations(found: Selected, style: Style) -> Iterator[str]:
    thresholds = sorted({v.threshold for v in found.variations})
    if not thresholds:
        return
    head = "".join(f"{f'over {t:g}×':>14}" for t in thresholds)
    yield style(f"  {'met, of those told':<34}{head}", "label")
    for kind, years in dict.fromkeys((v.offense, v.window) for v in found.variations):
        row = [v for v in found.variations if (v.offense, v.window) == (kind, years)]
        name = f"{offense(kind).name}, {years} {'year' if years == 1 else 'years'}"
        yield f"  {name:<34}" + "".join(f"{variation_words(v):>14}" for v in row)
    if found.cohort:
        yield "  in brackets: of the chosen"
    yield ""


def variation_words(one: Variation) -> str:
    """'52 of 58 (6)'."""
    chosen = f" ({one.chosen_met})" if one.chosen_told else ""
    return f"{one.met} of {one.told}{chosen}"
