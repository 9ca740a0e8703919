"""Reader of Jacob Kaplan's yearly agency table: an R data frame, one row an agency.

An .rda is a packed stream of R objects, a format in which a small file can ask for much. So it
is unpacked to a limit, only plain vectors and data frames are taken from it, and whatever goes
wrong in it refuses the file.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tomllib
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from baserate.errors import BadRow, ExtraNeeded, LayoutChanged
from baserate.sources.agency import city_of, is_county, state_of, states_by_prefix
from baserate.sources.reading import Reading, Source, reading_of
from baserate.sources.tables import Tables, quoted
from baserate.terms.places import states, territories

TITLE = "Kaplan's offenses known to police by agency, .rda"
VERSION = 1

WHAT = "Jacob Kaplan's agency table (ucr2017.rda)"
LARGEST = 50_000_000  # bytes packed; the published file has 240,000
LARGEST_UNPACKED = 500_000_000
LARGEST_RATIO = 200  # bytes unpacked for a byte packed; the published file has 7
XZ_MEMORY = 200_000_000
MOST_REJECTED = 0.1
TEXT = ("ori", "agency_name", "state")
MARKS = (b"actual_rape_total", b"actual_assault_aggravated")


def looks_like(source: Source) -> bool:
    """Whether this is R data with the columns that tell this table from every other."""
    if source.size > LARGEST or not source.start.startswith(
        (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"RD")
    ):
        return False
    try:
        data = _unpacked(source)
    except BadRow:
        return False
    return data.startswith((b"RDX", b"RDA")) and all(m in data for m in MARKS)


def read(source: Source, out: Tables) -> Reading:
    """The table as series and agencies. The row of the data frame stands for the line."""
    frame = _frame(_unpacked(source), source.name)
    _check_columns(frame, source.name)
    _load(frame, out, source.name)
    _reject_unfit(out)
    rejected, kept = out.rows.rejected, out.rows.kept
    if not kept or rejected > max(3, MOST_REJECTED * out.rows.read):
        raise BadRow(
            f"{source.name}: {rejected:,} of {out.rows.read:,} rows cannot be read as {WHAT}; it "
            "may be damaged. Download it again"
        )
    _find_places(out)
    out.write_query("agencies", _AGENCIES)
    out.write_query("series", _series())
    ((first, last),) = out.engine.execute(
        "SELECT min(year)::INTEGER, max(year)::INTEGER FROM given"
    ).fetchall()
    return reading_of(
        "kaplan_offenses_known",
        source,
        edition=str(first) if first == last else f"{first}-{last}",
        first_year=first,
        last_year=last,
        remarks=_remarks(out),
    )


def _unpacked(source: Source) -> bytes:
    """The stream of R objects, if it is no larger than such a file can be."""
    if source.size > LARGEST:
        raise BadRow(f"{source.name}: {source.size:,} bytes, where {LARGEST:,} is the most")
    allowed = min(LARGEST_UNPACKED, LARGEST_RATIO * source.size)
    packed = source.path.read_bytes()
    try:
        if packed.startswith(b"\x1f\x8b"):
            with gzip.open(source.path) as file:
                data = file.read(allowed + 1)
        elif packed.startswith(b"BZh"):
            with bz2.open(source.path) as file:
                data = file.read(allowed + 1)
        elif packed.startswith(b"\xfd7zXZ"):
            data = lzma.LZMADecompressor(memlimit=XZ_MEMORY).decompress(packed, allowed + 1)
        else:
            return packed
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        raise BadRow(
            f"{source.name}: cannot be unpacked ({error}); it may be cut short. Download it again"
        ) from None
    if len(data) > allowed:
        raise BadRow(
            f"{source.name}: unpacks to more than {allowed:,} bytes from {source.size:,}; no file "
            "of this kind does"
        )
    return data


def _frame(data: bytes, name: str) -> Mapping[str, Any]:
    """The columns of the one data frame in the file."""
    try:
        import rdata
        from rdata.parser import DEFAULT_ALTREP_MAP
    except ImportError:
        raise ExtraNeeded(
            f"{name}: is R data, which needs the library rdata; pip install 'baserate[r]' and add "
            "it again"
        ) from None
    if not data.startswith((b"RDX", b"RDA")):
        raise BadRow(f"{name}: is no R data; a file saved by R's save() is needed")
    # Sequences are left out: in a few bytes they ask for any number of values.
    plain = {k: v for k, v in DEFAULT_ALTREP_MAP.items() if k.startswith(b"wrap_")}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = rdata.parser.parse_data(data, altrep_constructor_dict=plain)
            held = rdata.conversion.convert(parsed, {"data.frame": lambda columns, _: columns})
        frames = [v for v in held.values() if isinstance(v, Mapping)]
    except Exception as error:
        said = str(error)[:200] or type(error).__name__
        raise BadRow(
            f"{name}: cannot be read as R data ({said}); it may be damaged. Download it again"
        ) from None
    if len(frames) != 1:
        raise BadRow(f"{name}: holds {len(frames)} data frames, where one is needed")
    return frames[0]


def _check_columns(frame: Mapping[str, Any], name: str) -> None:
    wanted = set(_told()["columns"])
    given = {str(c)[:60] for c in frame}
    new, gone = sorted(given - wanted), sorted(wanted - given)
    if new or gone:
        raise LayoutChanged(
            f"{name}: unknown columns {', '.join(new[:20]) or 'none'}; missing columns "
            f"{', '.join(gone) or 'none'}. This reader knows {WHAT}"
        )


def _load(frame: Mapping[str, Any], out: Tables, name: str) -> None:
    """A table of the columns, with the row of the data frame that each stands on."""
    columns = {c: _texts(v) if c in TEXT else _numbers(v) for c, v in frame.items()}
    lengths = {c: len(v) if v is not None else None for c, v in columns.items()}
    if None in lengths.values() or len(set(lengths.values())) != 1:
        told = ", ".join(
            f"{c} {n if n is not None else 'of another kind'}" for c, n in lengths.items()
        )
        raise BadRow(f"{name}: the columns are not of one length and kind ({told}); it is damaged")
    out.rows.read = out.rows.kept = len(columns["ori"] or ())
    selected = ", ".join(
        f"unnest(${c}::{'VARCHAR' if c in TEXT else 'DOUBLE'}[]) AS {c}" for c in columns
    )
    out.engine.execute(
        f"CREATE TEMP TABLE given AS SELECT row_number() OVER () AS file_row, * "
        f"FROM (SELECT {selected})",
        columns,
    )


def _texts(values: Any) -> list[str | None] | None:
    """A column of text, or None if it is none. NUL, which no name has, is left out."""
    try:
        found = list(values)
    except TypeError:
        return None
    if not all(isinstance(v, str) or v is None for v in found):
        return None
    return [v and v.replace("\0", "").encode("utf-8", "replace").decode() for v in found]


def _numbers(values: Any) -> list[float | None] | None:
    """A column of numbers, missing ones None; or None if it is none."""
    if getattr(getattr(values, "dtype", None), "kind", "") not in {"i", "f"}:
        return None
    return [None if v is None or v != v else float(v) for v in values.tolist()]


def _reject_unfit(out: Tables) -> None:
    """Move rows with an impossible value from the kept ones to the rejected."""
    counts = list(_told()["counts"].values())
    numbers = ", ".join(f"'{c} is ' || {c}" for c in ("population", *counts))
    whole = ", ".join(f"{c} = floor({c}) AND abs({c}) < 1e9" for c in ("population", *counts))
    prefixes = ", ".join(f"'{p}'" for p in states_by_prefix())
    names = ", ".join(quoted(p.name.lower()) for p in (*states().values(), *territories().values()))
    out.engine.execute(
        f"""
        CREATE TEMP TABLE unfit AS
        WITH seen AS (
            SELECT *, [{numbers}] AS said, [{whole}] AS fits,
                min(file_row) OVER (PARTITION BY ori, year) AS first_row
            FROM given
        )
        SELECT file_row, CASE
            WHEN ori IS NULL OR NOT regexp_full_match(ori, '[A-Z]{{2}}[A-Z0-9]{{5}}')
                OR ori[1:2] NOT IN ({prefixes})
                THEN 'ori is ' || coalesce(ori[:40], 'missing')
                    || '; an identifier of seven characters such as MOSPD00 is needed'
            WHEN year IS NULL OR year != floor(year) OR year NOT BETWEEN 1960 AND 2100
                THEN 'year is ' || coalesce(year::VARCHAR, 'missing')
                    || '; one from 1960 to 2100 is needed'
            WHEN state IS NULL OR state NOT IN ({names})
                THEN 'state is ' || coalesce(state[:40], 'missing') || '; the name of one is needed'
            WHEN agency_name IS NULL THEN 'agency_name is missing'
            WHEN list_contains(fits, false)
                THEN said[list_position(fits, false)] || '; a whole number is needed'
            WHEN population < 0 THEN said[1] || '; no population is below 0'
            WHEN file_row > first_row THEN ori || ' already stands on row ' || first_row
            END AS reason, concat_ws(',', ori, year, agency_name, state, population,
                {", ".join(counts)}) AS raw
        FROM seen WHERE reason IS NOT NULL
        """
    )
    out.reject_query("SELECT file_row, reason, raw FROM unfit ORDER BY file_row")
    out.rows.kept -= out.rows.rejected
    out.engine.execute("DELETE FROM given WHERE file_row IN (SELECT file_row FROM unfit)")


def _find_places(out: Tables) -> None:
    """The known city that a name says, if the agency has people of its own and is no county's."""
    named = out.engine.execute(
        "SELECT file_row, ori, year, agency_name, population > 0 FROM given"
    ).fetchall()
    lines, counties, places, years, postals = [], [], [], [], []
    for line, ori, year, name, has_people in named:
        county, postal = is_county(ori), state_of(ori) or ""
        lines.append(line)
        years.append(year)
        postals.append(postal)
        counties.append("county" if county else None)
        places.append(city_of(name, postal) if has_people and not county else None)
    claims = Counter(zip(places, years, strict=True))
    places = [p if claims[p, y] == 1 else None for p, y in zip(places, years, strict=True)]
    out.engine.execute(
        """
        CREATE TEMP TABLE told AS
        SELECT unnest($lines) AS file_row, unnest($postals::VARCHAR[]) AS postal,
            unnest($counties::VARCHAR[]) AS kind, unnest($places::VARCHAR[]) AS place
        """,
        {"lines": lines, "postals": postals, "counties": counties, "places": places},
    )


_AGENCIES = """
    SELECT ori, agency_name AS agency, kind, place, postal AS state, year, population, file_row
    FROM given JOIN told USING (file_row) ORDER BY file_row
"""


def _series() -> str:
    """The four offenses as printed, and the violent crimes they add up to."""
    told = _told()
    counts = told["counts"]
    each = ", ".join(f"{{'offense': {quoted(o)}, 'count': {c}}}" for o, c in counts.items())
    total = f"{{'offense': 'violent_crime', 'count': {' + '.join(counts.values())}}}"
    return f"""
        SELECT ori, agency_name AS agency, place, year, population, file_row,
            one.offense, one.count,
            CASE WHEN one.offense IN ('rape', 'violent_crime')
                AND year >= {told["definition"]["revised_from"]} THEN 'revised' END AS definition,
            'offenses' AS counted, 'hierarchy' AS rule, false AS is_partial, false AS is_estimated,
            one.offense != 'violent_crime' AS is_printed,
            CASE WHEN one.count < 0 THEN {quoted(told["negative"]["note"])} ELSE '' END AS note
        FROM (SELECT *, unnest([{each}, {total}]) AS one FROM given) JOIN told USING (file_row)
        WHERE one.count IS NOT NULL ORDER BY file_row
    """


def _remarks(out: Tables) -> Iterator[str]:
    counts = list(_told()["counts"].values())
    ((negative, zero),) = out.engine.execute(
        f"""
        SELECT count(*) FILTER (least({", ".join(counts)}) < 0),
            count(*) FILTER (greatest({", ".join(counts)}) = 0 AND population > 0)
        FROM given
        """
    ).fetchall()
    if negative:
        yield f"{negative:,} agencies have a negative count, kept as a correction."
    if zero:
        yield (
            f"{zero:,} agencies with people of their own have 0 of all four offenses. How many "
            "months they reported is not in the file, so some of these may be silence."
        )


@cache
def _told() -> dict[str, Any]:
    text = Path(__file__).with_name("kaplan_agencies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
