"""Conditions of grants: what verified events make of them, for one place on one day."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baserate.errors import (
    AmbiguousPlace,
    BadGiven,
    BadInput,
    BadRules,
    MissingPart,
    OutsideEra,
    UnknownPlace,
    UnknownProgram,
)
from baserate.grants.conditions.ask import ask, history, timeline
from baserate.grants.conditions.records import Event, EventKind, Scope, Source, Status
from baserate.grants.conditions.status import find, headline, in_part
from baserate.grants.conditions.tables import Tables, shipped, with_file
from baserate.terms.places import place

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("conditions_cases.toml").read_text(encoding="utf-8")
)["case"]
NOTICE, ACCESS, CERTIFICATION = shipped().conditions_of("jag", 2017)
CHICAGO, BALTIMORE = place("Chicago, IL"), place("Baltimore, MD")
NATIONWIDE, NOBODY = Scope("nationwide"), Scope("nobody")
FOR_CHICAGO = Scope("parties", ("Chicago, IL",))


def an_event(kind: EventKind, day: str, scope: Scope = NATIONWIDE, **more: Any) -> Event:
    """An invented event on all conditions of JAG 2017, verified unless said otherwise."""
    plain = Event(
        id=f"{kind}-{day}",
        day=date.fromisoformat(day),
        kind=kind,
        actor="A court",
        program="jag",
        years=(2017,),
        conditions=("notice", "access", "certification"),
        scope=scope,
        text="Says so.",
        source=Source("1 F. 1", None, True),
    )
    return replace(plain, **more)


def unverified(event: Event) -> Event:
    return replace(event, source=replace(event.source, verified=False))


IMPOSED = an_event("imposed", "2017-07-25")
ENJOINED = an_event("enjoined", "2017-09-15")
OF_IT: dict[str, Any] = {"of": (ENJOINED.id,)}


def status(day: str, *events: Event, where: str = "Chicago, IL") -> Status:
    return find(NOTICE, events, place(where), date.fromisoformat(day)).status


# --- what the shipped events say ----------------------------------------


@pytest.mark.parametrize(
    ("case", "day"),
    [pytest.param(c, d, id=f"{c['place']} {c['year']} {d}") for c in CASES for d in c["on"]],
)
def test_the_answer_on_a_day(case: dict[str, Any], day: str):
    found = ask(case["program"], case["year"], case["place"], date.fromisoformat(day))
    assert found.status == case["on"][day]


def test_four_cities_have_five_days_each():
    cities = ("Chicago, IL", "Baltimore, MD", "San Francisco, CA", "New York, NY")
    days = {c["place"]: len(c["on"]) for c in CASES if (c["program"], c["year"]) == ("jag", 2017)}
    assert all(days[city] >= 5 for city in cities)


def test_an_answer_says_why_with_its_citation():
    found = ask("jag", 2017, "Chicago, IL", date(2017, 10, 1))
    assert [(r.conditions, r.status) for r in found.why] == [
        (("notice", "access"), "enjoined"),
        (("certification",), "in force"),
    ]
    assert found.why[0].events[0].source.citation.startswith("Chicago v. Sessions, 264 F. Supp. 3d")


def test_a_jail_in_other_hands_is_said_and_changes_no_status():
    found = ask("jag", 2017, "Baltimore, MD", date(2018, 7, 10))
    assert found.status == "in force"
    assert [c.kind for c in found.caveats] == ["out_of_its_hands"]
    assert "the State of Maryland does" in found.caveats[0].text


def test_albuquerque_does_not_run_its_jail():
    (told,) = ask("psp", 2017, "Albuquerque", date(2017, 8, 10)).caveats
    assert "Bernalillo County does" in told.text


def test_a_city_that_runs_its_jail_needs_no_caveat():
    assert ask("jag", 2017, "Philadelphia", date(2017, 10, 1)).caveats == ()


def test_an_unverified_injunction_is_told_and_not_counted():
    found = ask("jag", 2017, "Los Angeles, CA", date(2019, 1, 1))
    assert found.status == "unknown"
    assert any("would make notice and access enjoined" in c.text for c in found.caveats)


def test_a_letter_is_named_where_nothing_was_imposed():
    (why,) = ask("psp", 2017, "Stockton, CA", date(2017, 8, 10)).why
    assert "A letter imposes nothing" in why.text
    assert [e.id for e in why.events] == ["ojp-2017-08-03"]


def test_before_the_first_demand_the_first_is_named():
    (why,) = ask("jag", 2017, "Texas", date(2017, 7, 1)).why
    assert [e.id for e in why.events] == ["doj-2017-07-25"]


def test_the_history_of_a_place_has_one_line_a_change():
    told = [(str(s.day), s.answer.status) for s in history("jag", 2017, "Baltimore, MD")]
    assert told == [
        ("2017-07-25", "in force"),
        ("2017-09-15", "certified only"),
        ("2018-06-26", "in force"),
        ("2018-08-29", "unknown"),
        ("2021-04-28", "withdrawn"),
    ]


def test_a_history_keeps_the_doubts_of_days_without_a_change():
    since = {str(s.day): s for s in history("jag", 2017, "Los Angeles, CA")}
    assert "unverified" in [c.kind for c in since["2018-08-29"].caveats]


def test_a_timeline_is_in_order_of_days():
    days = [e.day for e in timeline("jag", 2017).events]
    assert days == sorted(days)
    assert len(days) > 20


@pytest.mark.parametrize("event", shipped().events, ids=lambda e: e.id)
def test_every_event_has_a_citation_and_what_is_verified_can_be_looked_up(event: Event):
    assert event.source.citation
    assert not event.verified or (event.source.address or "").startswith("http")


def test_every_condition_has_a_citation_and_every_place_is_known():
    for known in shipped().conditions:
        assert known.source.citation
        assert known.authority
    for custody in shipped().custody.values():
        assert place(custody.place).kind == "city"


# --- laws ----------------------------------------


def test_what_nobody_imposed_is_unknown_and_not_free():
    assert status("2017-07-24", IMPOSED) == "unknown"
    assert status("2017-07-25", IMPOSED) == "in force"


def test_an_order_for_parties_leaves_others_alone():
    order = replace(ENJOINED, scope=FOR_CHICAGO)
    assert status("2018-01-01", IMPOSED, order) == "enjoined"
    assert status("2018-01-01", IMPOSED, order, where="Baltimore, MD") == "in force"


def test_a_stay_shrinks_an_order_from_its_day():
    stay = an_event("stayed", "2018-06-26", FOR_CHICAGO, **OF_IT)
    events = (IMPOSED, ENJOINED, stay)
    assert status("2018-06-25", *events, where="Baltimore, MD") == "enjoined"
    assert status("2018-06-26", *events, where="Baltimore, MD") == "in force"
    assert status("2018-06-26", *events) == "enjoined"


def test_a_lifted_stay_widens_it_again():
    stay = an_event("stayed", "2018-06-26", FOR_CHICAGO, **OF_IT)
    lifted = an_event("scope", "2018-08-29", NATIONWIDE, **OF_IT)
    assert status("2018-09-01", IMPOSED, ENJOINED, stay, lifted, where="TX") == "enjoined"


def test_reversal_restores_and_affirmance_changes_nothing():
    reversed_ = an_event("reversed", "2019-01-01", NOBODY, **OF_IT)
    affirmed = an_event("affirmed", "2018-04-19", **OF_IT)
    assert status("2018-05-01", IMPOSED, ENJOINED, affirmed) == "enjoined"
    assert status("2019-01-01", IMPOSED, ENJOINED, affirmed, reversed_) == "in force"


def test_a_reversal_of_one_order_leaves_another_standing():
    other = an_event("enjoined", "2018-01-01", FOR_CHICAGO)
    reversed_ = an_event("reversed", "2019-01-01", NOBODY, **OF_IT)
    assert status("2019-06-01", IMPOSED, ENJOINED, other, reversed_) == "enjoined"


def test_a_reversal_without_a_mandate_is_doubt():
    reversed_ = an_event("reversed", "2019-01-01", NOBODY, is_open=True, **OF_IT)
    mandate = an_event("reversed", "2019-03-01", NOBODY, **OF_IT)
    assert status("2018-12-31", IMPOSED, ENJOINED, reversed_) == "enjoined"
    assert status("2019-02-01", IMPOSED, ENJOINED, reversed_) == "unknown"
    assert status("2019-03-01", IMPOSED, ENJOINED, reversed_, mandate) == "in force"


def test_a_day_known_only_within_days_is_doubt_between_them():
    late = replace(ENJOINED, sure_by=date(2017, 9, 20))
    days = ("2017-09-14", "2017-09-15", "2017-09-19", "2017-09-20")
    assert [status(d, IMPOSED, late) for d in days] == [
        *("in force", "unknown", "unknown", "enjoined")
    ]


def test_the_order_of_two_changes_that_overlap_in_time_is_doubt():
    vague = an_event(
        "stayed", "2018-06-01", FOR_CHICAGO, sure_by=date(2018, 6, 30), of=(ENJOINED.id,)
    )
    ended = an_event("reversed", "2018-06-15", NOBODY, **OF_IT)
    assert status("2018-07-10", IMPOSED, ENJOINED, vague, ended) == "unknown"


@pytest.mark.parametrize(
    ("covers_locals", "expected"), [(True, "enjoined"), (False, "in force"), (None, "unknown")]
)
def test_a_states_injunction_reaches_its_cities_only_where_a_source_says_so(
    covers_locals: bool | None, expected: Status
):
    order = replace(ENJOINED, scope=Scope("parties", ("IL",), covers_locals))
    assert status("2018-01-01", IMPOSED, order) == expected
    assert status("2018-01-01", IMPOSED, order, where="IL") == "enjoined"


def test_an_unread_list_of_cities_leaves_any_city_in_doubt_and_no_state():
    order = replace(ENJOINED, scope=Scope("parties", ("Evanston, IL",), unsure=("all cities",)))
    wheres = ("Evanston, IL", "Chicago, IL", "DC", "TX")
    assert [status("2018-01-01", IMPOSED, order, where=w) for w in wheres] == [
        *("enjoined", "unknown", "unknown", "in force")
    ]


def test_what_is_withdrawn_for_some_stays_for_others():
    gone = an_event("withdrawn", "2020-11-05", FOR_CHICAGO)
    assert status("2021-01-01", IMPOSED, ENJOINED, gone) == "withdrawn"
    assert status("2021-01-01", IMPOSED, gone, where="TX") == "in force"


def test_what_was_withdrawn_can_be_imposed_again():
    gone, again = an_event("withdrawn", "2020-11-05"), an_event("imposed", "2025-02-05")
    assert status("2025-03-01", IMPOSED, gone, again) == "in force"


def test_a_letter_and_a_certificate_change_no_status():
    kinds: tuple[EventKind, ...] = ("letter", "certified")
    for kind in kinds:
        said = an_event(kind, "2017-08-03")
        assert status("2018-01-01", said) == "unknown"
        assert status("2018-01-01", IMPOSED, ENJOINED, said) == "enjoined"


@pytest.mark.parametrize(
    ("notice", "access", "certification", "word", "part"),
    [
        ("in force", "in force", "in force", "in force", False),
        ("enjoined", "enjoined", "enjoined", "enjoined", False),
        ("enjoined", "enjoined", "in force", "certified only", False),
        ("withdrawn", "enjoined", "in force", "certified only", False),
        ("in force", "enjoined", "in force", "in force", True),
        ("in force", "in force", "enjoined", "in force", True),
        ("enjoined", "unknown", "in force", "unknown", False),
        ("in force", "in force", "unknown", "unknown", False),
        ("withdrawn", "withdrawn", "withdrawn", "withdrawn", False),
        ("withdrawn", "enjoined", "enjoined", "enjoined", False),
        ("withdrawn", "unknown", "withdrawn", "unknown", False),
    ],
)
def test_the_word_for_all_conditions(
    notice: Status, access: Status, certification: Status, word: str, part: bool
):
    blank = find(NOTICE, (), CHICAGO, date(2018, 1, 1))
    findings = [
        replace(blank, condition=c, status=s)
        for c, s in ((NOTICE, notice), (ACCESS, access), (CERTIFICATION, certification))
    ]
    assert (headline(findings), in_part(findings)) == (word, part)


@pytest.mark.parametrize(
    ("day", "least", "most"),
    [("2017-08-01", 100, 100), ("2018-08-01", 0, 0), ("2021-04-25", 0, 100), ("2021-05-01", 0, 0)],
)
def test_the_award_hangs_on_what_is_in_force(day: str, least: int, most: int):
    found = ask("jag", 2017, "Chicago, IL", date.fromisoformat(day), award=Decimal(100)).stake
    assert found is not None
    assert (found.least, found.most) == (Decimal(least), Decimal(most))


def test_no_award_hangs_on_points_in_a_score():
    found = ask("cops", 2017, "Chicago, IL", date(2017, 10, 1), award=Decimal(100)).stake
    assert found is not None
    assert found.most == 0


# --- laws on any events ----------------------------------------

SCOPES = st.sampled_from(
    [
        NATIONWIDE,
        NOBODY,
        FOR_CHICAGO,
        Scope("parties", ("MD",)),
        Scope("parties", ("IL",), covers_locals=True),
        Scope("parties", (), unsure=("all cities",)),
        Scope("parties", ("Baltimore, MD",), unsure=("everyone else",)),
    ]
)
DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31))
KINDS = st.sampled_from(["imposed", "withdrawn", "enjoined", "stayed", "scope", "reversed"])


@st.composite
def some_events(draw: Any) -> list[Event]:
    """Up to nine events; changes are of orders that are among them."""
    made: list[Event] = []
    for number in range(draw(st.integers(1, 9))):
        kind, day = draw(KINDS), draw(DAYS)
        orders = [e.id for e in made if e.kind == "enjoined"]
        late = draw(st.sampled_from([None, day + timedelta(days=40)]))
        is_open = late is None and draw(st.booleans()) and draw(st.booleans())
        changing = kind in {"stayed", "scope", "reversed"}
        if changing and not orders:
            continue
        of = tuple(draw(st.sets(st.sampled_from(orders), min_size=1))) if changing else ()
        scope = NOBODY if kind == "reversed" else draw(SCOPES)
        made.append(
            an_event(kind, str(day), scope, id=f"e{number}", of=of, sure_by=late, is_open=is_open)
        )
    return made


@given(some_events(), DAYS, st.sampled_from([CHICAGO, BALTIMORE, place("MD")]), st.integers(0, 99))
def test_the_order_in_the_file_does_not_matter(
    events: list[Event], day: date, where: Any, seed: int
):
    mixed = random.Random(seed).sample(events, len(events))
    assert find(NOTICE, events, where, day) == find(NOTICE, mixed, where, day)


@given(some_events(), some_events(), DAYS)
def test_an_unverified_event_never_changes_a_status(
    events: list[Event], more: list[Event], day: date
):
    renamed = [unverified(replace(e, id=f"u{e.id}")) for e in more]
    known, doubted = a_table(*events), a_table(*events, *renamed)
    one, other = (ask("jag", 2017, "Chicago, IL", day, tables=t) for t in (known, doubted))
    assert [f.status for f in one.findings] == [f.status for f in other.findings]
    assert one.status == other.status


@given(some_events(), DAYS, DAYS)
def test_an_order_for_others_never_changes_a_place(events: list[Event], of_order: date, day: date):
    order = an_event("enjoined", str(of_order), FOR_CHICAGO, id="for-others")
    alone = find(NOTICE, events, BALTIMORE, day).status
    assert find(NOTICE, [*events, order], BALTIMORE, day).status == alone


@given(some_events(), DAYS)
def test_a_reversed_order_is_as_if_it_had_never_been(events: list[Event], day: date):
    order = an_event("enjoined", "2017-01-01", id="passing")
    ended = an_event("reversed", "2017-01-02", NOBODY, id="end", of=("passing",))
    later = max(day, date(2017, 1, 2))
    both = find(NOTICE, [*events, order, ended], CHICAGO, later).status
    assert both == find(NOTICE, events, CHICAGO, later).status


@given(some_events(), DAYS)
def test_what_comes_later_does_not_matter(events: list[Event], day: date):
    by_then = [e for e in events if e.day <= day]
    assert find(NOTICE, events, CHICAGO, day) == find(NOTICE, by_then, CHICAGO, day)


@given(some_events(), DAYS)
def test_an_answer_names_the_events_behind_each_word(events: list[Event], day: date):
    found = ask("jag", 2017, "Chicago, IL", day, tables=a_table(*events))
    for reason in found.why:
        assert reason.text
        assert reason.events or reason.status == "unknown"
    assert [k for r in found.why for k in r.conditions] == ["notice", "access", "certification"]


def a_table(*events: Event) -> Tables:
    """The shipped conditions with other events."""
    return replace(shipped(), events=events)


# --- what cannot be asked ----------------------------------------


@pytest.mark.parametrize(
    ("program", "year", "where", "day", "error", "says"),
    [
        ("jgag", 2017, "Chicago, IL", "2017-10-01", UnknownProgram, "jag, cops, psp"),
        ("jag", 2013, "Chicago, IL", "2017-10-01", OutsideEra, "ask for one of 2016, 2017, 2018"),
        ("jag", 2017, "Chicago, IL", "2010-01-01", OutsideEra, "from 2016-07-07 to 2022-07-29"),
        ("jag", 2017, "Chicago, IL", "2025-01-01", OutsideEra, "2025-01-01 is outside"),
        ("jag", 2017, "Springfield", "2017-10-01", AmbiguousPlace, "Springfield, MO"),
        ("jag", 2017, "New York", "2017-10-01", AmbiguousPlace, "2 places"),
        ("jag", 2017, "Atlantis", "2017-10-01", UnknownPlace, "no place is called"),
        ("jag", 2017, "", "2017-10-01", UnknownPlace, "no place is named"),
        ("jag", 2017, "the United States", "2017-10-01", MissingPart, "a city with its state"),
    ],
)
def test_a_question_that_has_no_answer(
    program: str, year: int, where: str, day: str, error: type[Exception], says: str
):
    with pytest.raises(error, match=says):
        ask(program, year, where, date.fromisoformat(day))


@pytest.mark.parametrize("award", ["0", "-5", "NaN", "Infinity", "1e400", "1e-400", "0.001"])
def test_an_award_that_is_none(award: str):
    with pytest.raises(BadInput, match="write dollars"):
        ask("jag", 2017, "Chicago, IL", date(2017, 10, 1), award=Decimal(award))


# --- a user's own events ----------------------------------------

OWN = """
[[event]]
id = "my-order"
date = 2018-07-05
kind = "enjoined"
actor = "District Court, District of Maryland"
program = "jag"
years = [2017]
conditions = ["notice"]
scope = "parties"
places = ["Baltimore, MD"]
text = "An invented order."
citation = "Baltimore v. Nobody (invented)"
verified = true
"""


def own(folder: Path, text: str | bytes) -> Path:
    path = folder / "own.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_own_events_stand_beside_ours(tmp_path: Path):
    tables = with_file(shipped(), own(tmp_path, OWN))
    found = ask("jag", 2017, "Baltimore, MD", date(2018, 7, 10), tables=tables)
    assert [f.status for f in found.findings] == ["enjoined", "in force", "in force"]
    assert "in force for Baltimore, MD on 2018-07-10, and the rest was not" in found.text
    assert found.rerun.endswith(f"--events {tmp_path / 'own.toml'}")


def test_an_own_event_that_is_not_verified_is_a_caveat(tmp_path: Path):
    path = own(tmp_path, OWN.replace("verified = true", "verified = false"))
    found = ask(
        "jag", 2017, "Baltimore, MD", date(2018, 7, 10), tables=with_file(shipped(), path)
    )  # fmt: skip
    assert found.status == "in force"
    assert "would make notice enjoined" in found.caveats[-1].text


@pytest.mark.parametrize("written", [OWN.replace("\n", "\r\n"), "\ufeff" + OWN])
def test_windows_files_are_read(tmp_path: Path, written: str):
    assert with_file(shipped(), own(tmp_path, written)).events[-1].id == "my-order"


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('citation = "Baltimore v. Nobody (invented)"', "", "'my-order'.*citation is missing"),
        ('citation = "Baltimore v. Nobody (invented)"', 'citation = " "', "citation is ' '"),
        ("date = 2018-07-05", "", "date is missing; write a date without quotes"),
        ("date = 2018-07-05", 'date = "2018-07-05"', "without quotes, as 2017-09-15"),
        ("date = 2018-07-05", "date = 2018-07-05T01:00:00", "without quotes"),
        ('kind = "enjoined"', 'kind = "enjoyed"', "use one of imposed, certified"),
        ('kind = "enjoined"', 'kind = ["enjoined"]', "use one of imposed"),
        ('kind = "enjoined"', 'kind = "stayed"', "of is missing"),
        ('kind = "enjoined"', 'kind = "stayed"\nof = ["nothing"]', "which is no order"),
        ('kind = "enjoined"', 'kind = "stayed"\nof = ["sdny-2018-11-30"]', "before the order"),
        ('kind = "enjoined"', 'kind = "reversed"\nof = ["ndill-2017-09-15"]', "leaves 'nobody'"),
        ('program = "jag"', 'program = "jog"', "no program 'jog'; use one of jag"),
        ("years = [2017]", "years = [2013]", "jag 2013 has no condition 'notice'.*none in that"),
        ("years = [2017]", "years = 2017", r"years in brackets, as \[2017, 2018\]"),
        ("years = [2017]", "years = [true]", "years in brackets"),
        ('conditions = ["notice"]', 'conditions = ["notise"]', "its conditions: access"),
        ('conditions = ["notice"]', "conditions = []", "name at least one"),
        ('"Baltimore, MD"', '"Baltimore"', "a city as 'Chicago, IL'"),
        ('"Baltimore, MD"', '"US"', "a city as 'Chicago, IL'"),
        ('scope = "parties"', 'scope = "nationwide"', "a scope of 'nationwide' names no place"),
        ('places = ["Baltimore, MD"]', "", "a scope of 'parties' names them"),
        ("verified = true", 'verified = "yes"', "write true or false, without quotes"),
        ("verified = true", "verified = true\nverfied = 1", "did you mean 'verified'"),
        ("verified = true", "verified = true\nsure_by = 2018-07-01", "a day after date"),
        ('id = "my-order"', 'id = "sdny-2018-11-30"', "is there already"),
        ('id = "my-order"', 'id = "My Order"', "small letters"),
        ('id = "my-order"', "", "event number 1 in own.toml: id is missing"),
        ("[[event]]", "[event]", r"write \[\[event\]\] in double brackets"),
        ("[[event]]", "[[evnt]]", "'evnt' in it"),
        ('text = "An invented order."', "text = 3", "write words in quotes"),
    ],
)
def test_an_own_event_that_cannot_be_used(tmp_path: Path, was: str, now: str, says: str):
    assert was in OWN
    with pytest.raises(BadRules, match=says):
        with_file(shipped(), own(tmp_path, OWN.replace(was, now)))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "has no event"),
        ("event = [1]", "is not a table"),
        ("[[event]", "is not TOML"),
        ("a" + "[" * 5000, "is not TOML"),
        ("a = " + "[" * 5000, "is not TOML"),
        ("a = " + "9" * 9000, "is not TOML"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"\x00" * 10, "is not TOML"),
        (b"#" * 2_000_000, "is larger than"),
        (OWN * 101, "at most 100"),
        (OWN * 2, "is there already"),
    ],
)
def test_a_file_that_holds_no_events(tmp_path: Path, written: str | bytes, says: str):
    with pytest.raises((BadGiven, BadRules), match=says):
        with_file(shipped(), own(tmp_path, written))


def test_a_file_that_is_not_there(tmp_path: Path):
    for path in (tmp_path / "none.toml", tmp_path, Path("a\0b")):
        with pytest.raises(BadGiven, match="cannot be read"):
            with_file(shipped(), path)


def test_the_example_in_the_docs_is_one_that_is_read(tmp_path: Path):
    page = Path(__file__).parents[2] / "docs/conditions.md"
    example = page.read_text(encoding="utf-8").split("```toml")[1].split("```")[0]
    assert with_file(shipped(), own(tmp_path, example)).events[-1].conditions == (
        *("notice", "access"),
    )


def test_a_file_without_end_is_not_read_to_its_end():
    if Path("/dev/zero").exists():
        with pytest.raises(BadGiven, match="larger than"):
            with_file(shipped(), Path("/dev/zero"))
