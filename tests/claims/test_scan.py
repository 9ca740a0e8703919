"""What a sentence mentions, whatever it goes on to assert."""

from __future__ import annotations

import time

import pytest

from baserate.claims import lexicon
from baserate.claims.scan import MentionKind, scan
from baserate.claims.times.find import LONGEST_SENTENCE


def kinds(sentence: str) -> list[str]:
    return [m.kind for m in scan(sentence).mentions if m.kind != "sep"]


def keys(sentence: str, kind: MentionKind) -> list[str]:
    return [m.key for m in scan(sentence).of(kind)]


def labels(sentence: str, kind: MentionKind) -> list[str]:
    return [m.where.label for m in scan(sentence).of(kind) if m.where]


@pytest.mark.parametrize(
    ("sentence", "offenses"),
    [
        ("Murders and robberies fell.", ["homicide", "robbery"]),
        ("Violent and property crimes fell.", ["violent_crime", "property_crime"]),
        ("A homicide detective spoke.", []),
        ("He was charged with murder.", []),
        ("The robbery took place at noon.", []),
        ("The robbery rate fell.", ["robbery"]),
        ("She reviewed “True Burglary,” a novel.", []),
        ("He leads the new Violence Network in town today.", []),
    ],
)
def test_offenses_are_told_from_what_only_has_their_name(
    sentence: str, offenses: list[str]
) -> None:
    assert keys(sentence, "offense") == offenses


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Murders fell in Newark, N.J., and Lake County.", ["Newark, NJ", "Lake County"]),
        ("Murders fell in Shangri-La.", ["Shangri-La"]),
        ("Murders fell across America's largest cities.", ["US big cities"]),
        ("Rapes rose in cities of more than 1 million.", ["US cities over 1 million"]),
        ("Arsons fell in cities of 50,000 to 99,999 people.", ["US cities 50,000-99,999"]),
        ("Murders rose in the nation's capital.", ["Washington, DC"]),
        ("Murders rose in the South.", ["South (US)"]),
        ("It told us that murders rose.", []),
        ("Mayor Jackson saw murders rise.", []),
        ("Murders rose, said Ann Lee of Tulsa.", []),
    ],
)
def test_places_are_told_from_people_and_papers(sentence: str, places: list[str]) -> None:
    assert labels(sentence, "place") == places


def test_an_office_speaks_for_its_place() -> None:
    mentions = scan("Chicago police and the NYPD counted murders.").of("name")
    assert [(m.where.label, m.key) for m in mentions if m.where] == [
        ("Chicago, IL", "office"),
        ("New York, NY", "office"),
    ]


@pytest.mark.parametrize(
    ("sentence", "directions"),
    [
        ("Murders are up.", ["up"]),
        ("The city beefed up patrols.", []),
        ("Murder is up to a new high.", ["up"]),
        ("It takes up to 50 days.", []),
        ("They hope to drive crime down.", []),
        ("Last fall a new chief came.", []),
        ("The fall in crime goes on.", ["fall"]),
        ("There is growing concern.", []),
        ("Crime reduction is the aim.", []),
    ],
)
def test_a_direction_is_one_only_in_its_company(sentence: str, directions: list[str]) -> None:
    assert [m.key for m in scan(sentence).of("up", "down")] == directions


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It saw the most murders ever.", ["high", "offense", "on_record"]),
        ("Most people said so.", []),
        ("There were more murders.", ["more", "offense"]),
        ("It has more to offer.", []),
        ("Four violent crimes make the index.", ["offense"]),
    ],
)
def test_cues_are_of_figures(sentence: str, expected: list[str]) -> None:
    assert kinds(sentence) == expected


def test_a_span_of_years_says_which_end_it_is() -> None:
    assert keys("Murders hit a 33-year low.", "low") == ["low"]


def test_the_words_around_an_offset_are_the_nearest() -> None:
    seen = scan("Murders fell by half in Ohio.")
    at = seen.text.index("half")
    assert (seen.before(at, 2), seen.after(at, 2)) == (["fell", "by"], ["half", "in"])
    assert (seen.before(0, 2), seen.after(99, 2)) == ([], [])


@pytest.mark.parametrize(
    "said", ["New York ", "“Murder ", "1990,", "Lake County ", "up to ", "5 “"]
)
def test_no_sentence_takes_long(said: str) -> None:
    began = time.process_time()
    seen = scan(said * (100_000 // len(said)))
    assert len(seen.text) == LONGEST_SENTENCE
    assert time.process_time() - began < 2


def test_every_word_with_a_test_of_its_company_is_a_cue() -> None:
    said = {*lexicon.not_before(), *lexicon.words("fall_or_drop"), *lexicon.words("reduction")}
    said |= lexicon.words("superlative") | lexicon.words("comparative")
    assert [s for s in sorted(said) if not lexicon.asserting()[s]] == []
