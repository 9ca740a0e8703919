"""Awards for the terminal: the finding first, every State in a line, one award line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from baserate.grants.award import StateAward
from baserate.grants.explain import Line, explained, local_lines, money
from baserate.grants.psn import DistrictAwards
from baserate.grants.result import JagResult
from baserate.publish.award_notes import district_notes, notes
from baserate.publish.award_words import asked_state, doubt, finding, headline, title, what_if
from baserate.publish.harmless import one_line
from baserate.publish.lines import WIDTH, Style, again, headed, labelled, paragraph, plain, wrapped


def render_award(result: JagResult, style: Style = plain, *, explain: bool = False) -> str:
    """The awards as lines of text. `style` colors a piece by its role and may do nothing."""
    return "\n".join(_lines(result, style, explain))


def _lines(result: JagResult, style: Style, explain: bool) -> Iterator[str]:
    yield from headed(title(result), headline(result), style)
    if result.state is None and result.local is None:
        yield from _table(result, style)
        yield ""
    yield from paragraph(f"{finding(result)} {doubt(result)}")
    if result.by_rules is not None:
        yield from paragraph(what_if(result))
    yield ""
    if explain:
        yield from _explanation(result, style)
        yield ""
    for label, text in notes(result):
        yield from labelled(label, text, style)
    yield again(result.rerun, style)


def _table(result: JagResult, style: Style) -> Iterator[str]:
    """Every State in a line; under a what-if, what it changes of what is received."""
    last = ("received", "change") if result.by_rules else ("95% noise, $m",)
    heads = "".join(f"{each:>16}" for each in ("award", "government", "local", *last))
    yield style(f"  {'':<26}{heads}", "label")
    for state in result.award.states:
        mark = "*" if state.allocation.is_minimum else ""
        amounts = (state.award, state.government, state.local)
        cells = (*map(_amount, amounts), *_last(result, state))
        yield f"  {state.name + mark:<26}" + "".join(f"{cell:>16}" for cell in cells)
    if result.award.minimum_states:
        yield "  * the minimum and no more"


def _amount(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def _last(result: JagResult, state: StateAward) -> tuple[str, ...]:
    if result.by_rules is not None:
        change = state.received - result.by_rules.state(state.key).received
        return _amount(state.received), f"{change / 100:+,.2f}"
    found = result.sureness.intervals[state.key]
    if state.allocation.is_minimum:
        return ("-",)
    return (f"{found.lower / 1e6:.2f} to {found.upper / 1e6:.2f}",)


def _explanation(result: JagResult, style: Style) -> Iterator[str]:
    state = asked_state(result)
    if state is None:
        yield "  Line by line is for one award: add --state or --place."
        return
    yield "  " + style(f"{state.name}, line by line", "title")
    yield from _steps(explained(result.award, state), style)
    if result.local is not None:
        yield ""
        yield "  " + style(one_line(f"{result.local.unit.name}, line by line"), "title")
        yield from _steps(local_lines(result.local), style)


def _steps(lines: Iterable[Line], style: Style) -> Iterator[str]:
    """Each step with its figure on the right and its source below it."""
    for line in lines:
        what = wrapped(one_line(line.what), WIDTH - 36)
        yield f"  {what[0]:<{WIDTH - 34}}{line.figure:>32}"
        yield from (f"  {more}" for more in what[1:])
        source = line.source if line.verified else f"{line.source} (unverified)"
        yield from (style(f"      {t}", "label") for t in wrapped(one_line(source), WIDTH - 6))


def render_districts(found: DistrictAwards, rerun: str, style: Style = plain) -> str:
    """A declared rule's awards as lines of text."""
    return "\n".join(_district_lines(found, rerun, style))


def _district_lines(found: DistrictAwards, rerun: str, style: Style) -> Iterator[str]:
    yield from headed(
        f"{found.title}, fiscal year {found.fiscal_year}, by a declared rule",
        money(found.total), style,
    )  # fmt: skip
    yield style(f"  {'':<36}{'districts':>10}{'award':>18}{'crimes a year':>16}", "label")
    for row in found.rows:
        yield (
            f"  {one_line(row.name):<36}{row.districts:>10}{_amount(row.award):>18}"
            f"{float(row.violent_crimes):>16,.1f}"
        )
    yield ""
    for label, text in district_notes(found):
        yield from labelled(label, text, style)
    yield again(rerun, style)
