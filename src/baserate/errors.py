"""Every error and every caveat baserate raises.

An error ends the work and is one sentence or two: what is wrong, the value, what would be
right, what to do next. A caveat does not: it travels with an Answer to the footnote, the
terminal and the JSON, under the name of its class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches


class BaserateError(Exception):
    """Parent of every error a user can cause. `exit_status` is what the command line returns."""

    exit_status = 2

    @property
    def kind(self) -> str:
        """The class name as data: 'unknown_place'."""
        return _snake(type(self).__name__)


# --- the question could not be understood (exit status 2) ---------------------------------


class QuestionError(BaserateError, ValueError):
    """The words do not make one question."""


class UnreadableQuestion(QuestionError):
    """Empty, too long, or holding control characters."""


class NotUnderstood(QuestionError):
    """A word that no part of the question accounts for. It might change the answer."""

    def __init__(self, words: Iterable[str], near: Iterable[str] = ()) -> None:
        self.words, self.near = tuple(words), tuple(near)
        named = ", ".join(repr(_shorten(w)) for w in self.words[:4])
        more = f" and {len(self.words) - 4} words more" if len(self.words) > 4 else ""
        super().__init__(
            f"did not understand {named}{more}; {_did_you_mean(self.near)}"
            'ask like this: "violent crime rate in Missouri, 2014 to 2019"'
        )


class UnknownOffense(QuestionError):
    """No offense was named, or one that the UCR Program does not count."""

    def __init__(self, said: str, near: Iterable[str], known: Iterable[str]) -> None:
        self.said, self.near = said, tuple(near)
        what = f"no offense is called {_shorten(said)!r}" if said else "no offense is named"
        super().__init__(f"{what}; {_did_you_mean(self.near)}known offenses: {', '.join(known)}")


class UnknownPlace(QuestionError):
    """No place was named, or none of that name is known."""

    def __init__(self, said: str, near: Iterable[str] = ()) -> None:
        self.said, self.near = said, tuple(near)
        what = f"no place is called {_shorten(said)!r}" if said else "no place is named"
        super().__init__(
            f"{what}; {_did_you_mean(self.near)}"
            "name the United States, a state, the District of Columbia, or a city with its state"
        )


class AmbiguousPlace(QuestionError):
    """Several places fit the words. `readings` names each of them; none was chosen."""

    def __init__(self, said: str, readings: Iterable[str]) -> None:
        self.said, self.readings = said, tuple(readings)
        shown = self.readings[:12]
        rest = len(self.readings) - len(shown)
        more = f" or {rest} more" if rest else ""
        super().__init__(
            f"{said!r} is {len(self.readings)} places: {'; '.join(shown)}{more}. "
            "Ask again with one of them"
        )


class BadPeriod(QuestionError):
    """A period that runs backwards or that no calendar has."""


class MissingPart(QuestionError):
    """The question names too little or too much: two places where one is meant, no baseline."""


# --- the question is clear and these records cannot answer it (exit status 3) --------------


class NoRecords(BaserateError, LookupError):
    """Understood, and not answerable from the records at hand."""

    exit_status = 3


class YearNotHeld(NoRecords):
    """A year outside the records, or a hole in them."""


class PlaceNotHeld(NoRecords):
    """A place that is known, with no records of it at hand."""


class OffenseNotHeld(NoRecords):
    """An offense that is known, with no records of it at hand."""


class PeriodNotHeld(NoRecords):
    """Months or days, where the records are by year."""


class ClearancesNotHeld(NoRecords):
    """Offenses are held, and no clearances of them."""


class DefinitionNotHeld(NoRecords):
    """The records do not have this figure under the definition asked for."""


class PartOfYear(NoRecords):
    """A year that is held in part only; `dataset` says by which source."""

    def __init__(self, message: str, dataset: str) -> None:
        super().__init__(message)
        self.dataset = dataset


class PopulationNotHeld(NoRecords):
    """Offenses are held, and no population to form a rate with."""


class NoReleaseByThen(NoRecords):
    """No release of these figures had been published by the date asked for."""


# --- a published file is not what it should be ---------------------------------------------


class SourceError(BaserateError, ValueError):
    """A published file that must not be read as data."""


class UnknownFormat(SourceError):
    """A file that no reader knows, by its content."""


class ExtraNeeded(SourceError):
    """A file that needs a library which is not installed; the message says which extra has it."""


class Unaccounted(SourceError):
    """Rows read are not rows kept, rejected and set aside: a fault of ours; nothing is kept."""


class ChangedWhileRead(SourceError):
    """The file was not the same at the end of reading as at its start."""


class LayoutChanged(SourceError):
    """The publisher's file has not the columns that are mapped."""


class BadMapping(SourceError):
    """A city's mapping file that cannot be used, or whose own examples fail."""


class SwappedColumns(SourceError):
    """The two rape columns have changed places: what is called legacy is the revised count."""


class BadRow(SourceError):
    """A row with a value that cannot be what its column says."""


# --- an article cannot be read (exit status 2) ----------------------------------------------


class ArticleError(BaserateError, ValueError):
    """A file, a page or a feed that no article can be taken from."""


class UnreadableArticle(ArticleError):
    """Not there, not text, damaged or locked; or a date in it that no one can read."""


class NoArticle(ArticleError):
    """Read, and there is no article in it: empty, a page of links, a scan without text."""


class ArticleTooLong(ArticleError):
    """Longer than any article; nothing is cut off in silence."""


class BadFeed(ArticleError):
    """A line of a feed that is not one article. The message names it; no line is taken."""


# --- rules of grants (exit status 2; 3 where records are wanting) -----------------------------


class GrantError(BaserateError, ValueError):
    """A rule, a what-if, a condition or an input of them that cannot be used as it is."""


class UnknownProgram(GrantError):
    """No rules of that name are known."""


class BadRules(GrantError):
    """A file of rules or facts with a value that has no citation, no date, or no sense."""


class BadScenario(GrantError):
    """A what-if that names an unknown parameter, or a date outside its era."""


class OutsideEra(GrantError):
    """A year or a day on which no value of a parameter is known to have held."""


class BadInput(GrantError):
    """A figure that no award can be worked out from: absent, negative, or a total of nothing."""


class BadGiven(GrantError):
    """A file that a user gave and that cannot be taken as it is. The message names the line."""


class NoSuchSites(GrantError):
    """A program or a cohort that the register does not have."""


class NoCandidates(NoRecords):
    """Understood, and the records have no city to look at."""


class NothingToAllocate(NoRecords):
    """Understood, and the records lack a year, a state or a population that the formula needs."""


# --- evaluating a program (exit status 2) ------------------------------------------------------


class EvaluateError(BaserateError, ValueError):
    """A study that cannot be read or worked out as it is."""


class BadStudy(EvaluateError):
    """A study file with something missing, unknown or senseless. The message names it."""


class BadPanel(EvaluateError):
    """Units and periods that no design can be run on: the message says which, and what would be."""


# --- the store ------------------------------------------------------------------------------


class StoreError(BaserateError, OSError):
    """The folder of records cannot be opened, read or written."""


class NoSuchFile(BaserateError, LookupError):
    """No file of that name is in the store."""


# --- numbers that may not be mixed -----------------------------------------------------------


class MixedQuantities(BaserateError, TypeError):
    """Two numbers that count different things were added, subtracted or compared."""


# --- files we write --------------------------------------------------------------------------


class CannotWrite(BaserateError, OSError):
    """A file could not be written; nothing half-written is left."""


# --- fetching from the network (exit status 4; 5 where trying again later may help) ---------


class FetchError(BaserateError, OSError):
    """A file was not fetched; nothing of it stands under its name."""

    exit_status = 4


class UnknownDataset(FetchError):
    """No dataset of the catalog has that name."""

    exit_status = 2


class NoDownload(FetchError):
    """A dataset, or an edition, without an address; the message says how to get it by hand."""


class AddressRefused(FetchError):
    """Not http or https, not an address at all, or one inside a private network."""


class TooManyRedirects(FetchError):
    """The server keeps sending the request elsewhere."""


class ServerRefused(FetchError):
    """The server answered, and the answer is no: HTTP 403, 404 and their like."""


class UnusableAnswer(FetchError):
    """An answer that must not be taken for the file: packed, or not as HTTP has it."""


class NotData(FetchError):
    """A web page, or nothing, where data were expected."""


class TooLarge(FetchError):
    """More bytes than a download may have."""


class WrongChecksum(FetchError):
    """The file is not the one whose checksum is in the catalog."""


class Untrusted(FetchError):
    """The server could not show that it is who it says it is."""


class FileInTheWay(FetchError):
    """Another file already has the name, or another process is fetching it."""


class NotSaved(FetchError, CannotWrite):
    """The disk did not take what came over the network."""


class NetworkError(FetchError):
    """Parent of what may pass by itself. `wait`: the seconds a server asked to be left alone."""

    exit_status = 5
    wait: float | None = None


class Unreachable(NetworkError):
    """No connection to the server, or it was broken off before an answer."""


class UnknownHost(Unreachable):
    """No server of that name is known."""


class Stalled(NetworkError):
    """The server keeps silent, or sends too slowly to ever be done."""


class CutShort(NetworkError):
    """Fewer bytes than the server said there are."""


class WrongRange(NetworkError):
    """Asked for the rest of a file, the server sent something else; it is begun anew."""


class ServerBusy(NetworkError):
    """The server has trouble, or too much to do: HTTP 429, 500, 503 and their like."""


# --- caveats -----------------------------------------------------------------------------------


class Caveat(UserWarning):
    """Parent of every warning about what a figure can bear."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def kind(self) -> str:
        """The class name as data: 'definition_change'."""
        return _snake(type(self).__name__)

    def __eq__(self, other: object) -> bool:
        """Two caveats are one when they are of a kind and say the same."""
        return type(self) is type(other) and isinstance(other, Caveat) and self.text == other.text

    def __hash__(self) -> int:
        """Agrees with equality."""
        return hash((type(self), self.text))


class DefinitionChange(Caveat):
    """The offense was counted by two definitions inside the period."""


class BridgedDefinition(Caveat):
    """No one definition spans the period, so two were joined where both were counted."""


class StatesExceedNation(Caveat):
    """State rows and the national row use different definitions in the same years."""


class PartsDoNotAdd(Caveat):
    """The printed total is not the sum of its printed parts."""


class PublisherNote(Caveat):
    """What the publisher says about this very row."""


class Estimated(Caveat):
    """The publisher filled in for agencies that did not report."""


class SmallCounts(Caveat):
    """Counts so small that one event moves the rate more than most real changes do."""


class NotHomicide(Caveat):
    """Murder as police count it is not homicide as death certificates count it."""


class LaterRelease(Caveat):
    """The figures are as a later release states them, not as they were known at the time."""


class MissingYears(Caveat):
    """The records have holes that this answer had to step over."""


class MissingPlaces(Caveat):
    """Places without a figure are left out of a rank or a sum."""


class SameMonths(Caveat):
    """A year is held in part, so the same months of both years are compared."""


class SourcesDiffer(Caveat):
    """Two sources at hand state the figure differently."""


class DefinitionUnstated(Caveat):
    """The source does not say by which definition it counts rape, so figures may differ in it."""


class TwoSources(Caveat):
    """The figures that are compared are from two sources."""


class PeopleFromElsewhere(Caveat):
    """A rate's population is from another source than its offenses."""


class ReleasesDiffer(Caveat):
    """Two releases of one source state the figure differently."""


class PartialCoverage(Caveat):
    """Not everyone lives where agencies reported."""


class Summed(Caveat):
    """The figure is not printed anywhere: it is summed from incidents or agencies' months."""


class DatedByClearance(Caveat):
    """Offenses cleared are counted when they were cleared, whenever they were committed."""


class EarlierOffensesLeftOut(Caveat):
    """A file has no clearances of offenses that are in an earlier file: too few are counted."""


class NotARanking(Caveat):
    """Why a rank alone should not be published."""


class Unverified(Caveat):
    """What we could not verify would change the answer; it was not counted in."""


class OutOfItsHands(Caveat):
    """What a grant asks for is done by another government than the one that is asked."""


class LeftOpen(Caveat):
    """The question named no place or no period, and one had to be taken."""


def near_names(said: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known names that look most like what was said, best first.

    >>> near_names("Misouri", ["Missouri", "Mississippi", "Montana"])
    ('Missouri',)
    """
    by_fold = {name.casefold(): name for name in known}
    close = get_close_matches(said.casefold()[:80], by_fold, n=count, cutoff=0.74)
    return tuple(by_fold[c] for c in close)


def _did_you_mean(near: tuple[str, ...]) -> str:
    return f"did you mean {' or '.join(near)}? Otherwise " if near else ""


def _shorten(words: str, limit: int = 60) -> str:
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
