"""Who says a statement: in a sentence, and across an article."""

from __future__ import annotations

import time
from typing import Any

import pytest

from baserate.claims.claim import Sentence
from baserate.claims.speakers.attribution import main_speaker
from baserate.claims.speakers.find import denials_of, find_speakers, speakers_of, speakers_within
from baserate.claims.speakers.names import vocabulary


def article(*paragraphs: list[str]) -> list[Sentence]:
    """Sentences as they stand in paragraphs, one list each."""
    found, at = [], 0
    for number, paragraph in enumerate(paragraphs):
        for text in paragraph:
            found.append(Sentence(at, at + len(text), text, number))
            at += len(text) + 1
    return found


@pytest.mark.parametrize("case", vocabulary()["case"], ids=lambda c: c["says"][:50])
def test_the_cases_beside_the_words(case: dict[str, Any]):
    main = main_speaker(case["says"], find_speakers(case["says"]))
    assert (main.name if main else None) == case.get("speaker")
    assert denials_of(article([case["says"]])) == [case.get("denied", False)]


def test_every_speaker_has_his_part_of_the_sentence():
    text = "Mayor Hill said robberies doubled, but FBI data show they fell 3 percent."
    hill, fbi = find_speakers(text)
    assert (hill.name, hill.how, text[slice(*hill.scope)]) == (
        "Hill", "said", "Mayor Hill said robberies doubled",
    )  # fmt: skip
    assert (fbi.name, fbi.how) == ("FBI", "data")
    assert text[slice(*fbi.scope)] == ", but FBI data show they fell 3 percent."


def test_the_place_of_a_name_is_an_offset_in_the_sentence():
    text = "Arsons fell, according to the Boise Fire Department."
    (only,) = find_speakers(text)
    assert text[only.start : only.end] == only.name == "Boise Fire Department"


def test_a_last_name_a_pronoun_and_an_office_mean_the_person_named_before():
    said = speakers_of(
        article(
            ["Killings fell by 9, Akron Police Chief Dana Whitlow said."],
            ["Whitlow said robberies fell too.", "She said arsons did not."],
            ["The chief said thefts rose."],
        )
    )
    assert said == ["Dana Whitlow"] * 4


def test_a_name_may_be_given_in_full_only_later():
    said = speakers_of(article(["Burr said murders fell.", "Sheriff Otto Burr has run twice."]))
    assert said[0] == "Otto Burr"


def test_an_abbreviation_is_the_agency_it_was_set_beside():
    said = speakers_of(
        article(
            ["Rapes rose, according to the Metro Police Department (MPD)."],
            ["The MPD said thefts rose as well."],
            ["The department reported 40 arsons."],
        )
    )
    assert said == ["Metro Police Department (MPD)"] * 3


def test_a_state_agency_by_its_initials():
    said = speakers_of(
        article(
            ["Murders rose, according to the Utah Department of Public Safety."],
            ["The DPS said rapes fell."],
        )
    )
    assert said[1] == "Utah Department of Public Safety"


def test_bare_police_are_those_of_the_city_named_last():
    said = speakers_of(article(["Tulsa had 60 murders, police said."]))
    assert said == ["Tulsa police"]


def test_a_report_without_an_owner_is_that_of_the_last_source():
    said = speakers_of(
        article(
            ["The FBI said murders fell 4 percent."], ["The report shows rapes rose 2 percent."]
        )
    )
    assert said == ["FBI", "FBI"]


def test_a_quotation_goes_on_over_sentences_and_paragraphs():
    said = speakers_of(
        article(
            ["“We had 90 killings,” Mayor Ana Ruiz said.", "“The year before we had 120.”"],
            ["“It is the lowest since 1970. ", "Robberies fell too."],
            ["“Burglaries fell most.”"],
            ["The fair opens Friday."],
        )
    )
    assert said == ["Ana Ruiz"] * 5 + [None]


def test_a_quotation_whose_speaker_is_named_at_its_end():
    said = speakers_of(
        article(['"Murders are up.', 'Robberies are up," said Councilman Ty Moss.']),
    )
    assert said == ["Ty Moss", "Ty Moss"]


def test_figures_without_a_speaker_are_those_of_the_source_of_the_passage():
    said = speakers_of(
        article(
            ["Murders fell 8 percent in 2003, the FBI said."],
            ["There were 210 robberies.", "The town has a new bridge."],
            ["Rapes declined."],
        )
    )
    assert said == ["FBI", "FBI", None, "FBI"]


def test_a_person_is_no_source_beyond_his_paragraph():
    said = speakers_of(
        article(
            ["Murders fell 8 percent, Mayor Ana Ruiz said.", "There were 46."],
            ["Robberies rose 3 percent."],
        )
    )
    assert said == ["Ana Ruiz", "Ana Ruiz", None]


def test_a_newspaper_relays_and_is_not_the_source():
    said = speakers_of(
        article(["Mayor Ana Ruiz says murders fell by half, reports the Daily Press."])
    )
    assert said == ["Ana Ruiz"]


def test_an_agency_that_is_the_outlet_speaks_for_itself():
    sentences = article(["There were 12 murders in May."])
    assert speakers_of(sentences, outlet="NYPD News") == ["NYPD"]
    assert speakers_of(sentences, outlet="Ames Daily Times") == [None]


def test_all_speakers_of_a_sentence_by_their_full_names():
    (_, second) = speakers_within(
        article(
            ["Mayor Ana Ruiz said murders fell."],
            ["Ruiz said rapes fell, but the FBI reported that they rose."],
        )
    )
    assert [s.name for s in second] == ["Ana Ruiz", "FBI"]


@pytest.mark.parametrize(
    "denial",
    ["False.", "That's not true.", "That is false.", "Not so.", "But that’s wrong.", "It isn't.",
     "The data say otherwise.", "Pants on fire!"],
)  # fmt: skip
def test_the_next_sentence_denies(denial: str):
    assert denials_of(article(["Hill said crime tripled.", denial])) == [True, False]


@pytest.mark.parametrize(
    "after",
    ["That is a record.", "True.", "It was false alarms that rose.", "He was wrongly accused.",
     "The FBI agreed.", "Not all of them were solved."],
)  # fmt: skip
def test_what_denies_nothing(after: str):
    assert denials_of(article(["Hill said crime tripled.", after])) == [False, False]


@pytest.mark.parametrize(
    "disputed",
    ["Sheriff Burr disputed Hill's claim.", "Contrary to what Hill said, murders fell.",
     "Contrary to Hill’s statement, murders fell 2 percent."],
)  # fmt: skip
def test_a_claim_disputed_soon_after(disputed: str):
    said = article(["Hill said murders tripled.", "He gave no source.", disputed])
    assert denials_of(said)[0] is True
    assert denials_of(said)[2] is False


def test_nothing_is_said_in_an_empty_article():
    assert speakers_of([]) == []
    assert denials_of([]) == []
    assert find_speakers("") == []


@pytest.mark.parametrize(
    "text",
    [
        "SPRINGFIELD, Ill. — There were 40 murders in Illinois, the state said Thursday.",
        "COLUMBUS, Ohio (AP) - Robberies, which fell, the report says, are at a low.",
        "The United States said murders fell 5 percent.",
        "Murders fell 5 percent, according to New York City.",
        "Chicago said murders fell 5 percent.",
    ],
)
def test_a_dateline_a_place_or_the_nation_says_nothing(text: str):
    (said,) = speakers_within(article([text]))
    assert not {s.name for s in said} & {
        "SPRINGFIELD", "COLUMBUS", "United States", "New York City", "Chicago",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Chicago police said murders fell.", "Chicago police"),
        ("Police in Chicago say murders fell.", "Chicago police"),
        ("Murders fell, according to the Dallas Police Department.", "Dallas Police Department"),
        ("SPRINGFIELD, Ill. — Murders fell, state police said.", "state police"),
        ("Murders fell, Mayor Houston said.", "Houston"),
        ("Murders rose, said the U.S. Attorney for the District of Columbia.",
         "U.S. Attorney for the District of Columbia"),
    ],
)  # fmt: skip
def test_an_office_or_a_body_of_a_place_speaks(text: str, speaker: str):
    assert speakers_of(article([text])) == [speaker]


def test_a_person_called_as_a_place_is_speaks():
    said = speakers_of(article(["Houston said murders fell.", "Sheriff Amy Houston has retired."]))
    assert said[0] == "Amy Houston"


def test_a_headline_gives_no_source_to_carry_on():
    said = speakers_of(
        article(
            ["Milwaukee murders down 9 percent, police say"],
            ["Robberies rose 4 percent."],
            ["We will halve the 120 murders of last year."],
        )
    )
    assert said == ["Milwaukee police", None, None]


def test_a_person_with_other_figures_ends_a_passage():
    said = speakers_of(
        article(
            ["Murders fell 8 percent, the FBI said."],
            ["Mayor Ana Ruiz said there were 46 rapes."],
            ["Thefts rose 2 percent."],
        )
    )
    assert said == ["FBI", "Ana Ruiz", None]


def test_a_paragraph_that_names_its_source_has_no_other():
    said = speakers_of(
        article(
            ["Murders fell 8 percent, the FBI said."],
            ["Thefts rose 2 percent.", "There were 46 rapes, Boise police said."],
        )
    )
    assert said == ["FBI", None, "Boise police"]


def test_a_passage_ends_after_three_sentences_without_a_figure():
    talk = "The fair opens soon."
    begun = ["Murders fell 8 percent, the FBI said."]
    after = ["Thefts numbered 46."]
    assert speakers_of(article(begun, [talk] * 2, after))[-1] == "FBI"
    assert speakers_of(article(begun, [talk] * 3, after))[-1] is None


SHORT = 8_000  # characters; four times as many may take little more than four times as long


def seconds(text: str) -> float:
    began = time.process_time()
    assert len(speakers_of(article([text]))) == len(denials_of(article([text]))) == 1
    return time.process_time() - began


@pytest.mark.parametrize(
    "unit",
    ["Ruiz said ", "said Ruiz, ", "according to ", "“", '"', "A. ", "D.C., ", "St. ", "(A ",
     "data from data by ", "disputed Hill's claim ", "Ruiz says; ", "Ruiz, who, ", " ", "x"],
)  # fmt: skip
def test_a_hostile_sentence_takes_time_by_its_length(unit: str):
    def at(size: int) -> float:  # each time another text, as what was read is kept
        return min(seconds("x" * i + " " + unit * (size // len(unit))) for i in (1, 2, 3))

    assert at(4 * SHORT) < 9 * at(SHORT) + 0.005  # sixteen times where it is quadratic
