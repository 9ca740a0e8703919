"""The engine under the store: the only module that asks it questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from baserate.errors import StoreError
from baserate.sources.tables import parquet, quoted
from baserate.store.ledger import EMBEDDED, Entry

Row = tuple[Any, ...]


_NO_MONTHS = (
    "(SELECT NULL::VARCHAR AS entry, NULL::VARCHAR AS ori, NULL::SMALLINT AS year, "
    "NULL::TINYINT AS month, NULL::VARCHAR AS reported LIMIT 0)"
)
_NO_AGENCIES = (
    "(SELECT NULL::VARCHAR AS entry, NULL::VARCHAR AS ori, NULL::VARCHAR AS place, "
    "NULL::VARCHAR AS state, NULL::SMALLINT AS year, NULL::BIGINT AS population, "
    "NULL::BOOLEAN AS is_nibrs LIMIT 0)"
)


class Engine:
    """DuckDB over the store's Parquet files, opened when the first number is asked for.

    `made` holds, for each table, the one file that all added files were combined into; the
    records that come with the package are read where they are.
    """

    def __init__(self, held: Sequence[Entry], made: dict[str, Path]) -> None:
        self._embedded = [e for e in held if e.folder.is_relative_to(EMBEDDED)]
        self._made = made
        self._populations: dict[str, list[tuple[int, int, str]]] = {}

    @cached_property
    def _connection(self) -> Any:
        # The compiled module, not the package around it, which takes twice as long to load. One
        # thread: tables are small, and starting a pool costs more than reading them.
        import _duckdb

        return _duckdb.connect(":memory:", config={"threads": 1})

    def series(self, offense: str, scope: str, counted: str) -> list[Row]:
        """Numbers of an offense: of the nation and 'states', of all 'cities', or of one place."""
        told = {"offense": offense, "scope": scope, "ori": _ori_of(scope), "counted": counted}
        return self._ask("series", told, source=self._table("series"))

    @property
    def has_more(self) -> bool:
        """Whether files were added to the records that come with the package."""
        return bool(self._made)

    def towns(self, postal: str) -> list[Row]:
        """Cities and towns of a state that an added file has numbers of."""
        return self._ask("towns", {"state": f", {postal}"}, source=self._table("series"))

    def agency(self, ori: str) -> list[Row]:
        """The name of an agency that an added file has numbers of."""
        return self._ask("agency", {"ori": ori}, source=self._table("series"))

    def counts(self, told: dict[str, Any]) -> list[Row]:
        """Numbers by agency or place and period, in the order of COUNTS (store/counts.sql)."""
        return self._ask("counts", _by_ori(told), source=self._table("series"))

    def counts_csv(self, told: dict[str, Any]) -> list[Row]:
        """The same, each row a line of CSV."""
        source = self._table("series")
        return self._ask("counts_csv", _by_ori(told), numbers=_sql("counts"), source=source)

    def coverage(self, files: Sequence[Entry], place: str, state: str | None) -> list[Row]:
        """By dataset and year: agencies, those that reported, months, and people."""
        if "agencies" not in self._made:
            return []
        told = {"place": place, "state": state, "ori": _ori_of(place)}
        months = self._table("agency_months") if "agency_months" in self._made else _NO_MONTHS
        listed = ", ".join(
            f"({quoted(e.id)}, {quoted(e.dataset)}, DATE '{e.released}', '{e.added or ''}')"
            for e in files
        )
        agencies = self._table("agencies")
        return self._ask("coverage", told, source=agencies, months=months, files=listed)

    def panel(self, told: dict[str, Any]) -> list[Row]:
        """Cells of a panel, in the order of store/cells.py (store/panel.sql)."""
        agencies = self._table("agencies") if "agencies" in self._made else _NO_AGENCIES
        months = self._table("agency_months") if "agency_months" in self._made else _NO_MONTHS
        source = self._table("series")
        return self._ask("panel", told, source=source, agencies=agencies, months=months)

    @staticmethod
    def rejects(entry: Entry) -> list[Row]:
        """The rejects of one file."""
        import _duckdb

        paths = entry.parquet("rejects")
        if not paths:
            return []
        found: list[Row] = (
            _duckdb.connect(":memory:")
            .execute(f"SELECT file_row, reason, raw FROM {parquet(paths)}")
            .fetchall()
        )
        return found

    def population(self, place: str, year: int, files: Collection[str]) -> tuple[int, str] | None:
        """People of a place in a year by lists of agencies, of those files, and the file."""
        if place not in self._populations:
            self._populations[place] = self._read_populations(place)
        return next(
            ((n, f) for y, n, f in self._populations[place] if y == year and f in files), None
        )

    def covered(self, place: str, entry: str, year: int, population: int) -> float | None:
        """The share of a state's people whose agencies reported, by the file's own agencies."""
        if "agencies" not in self._made:
            return None
        found = self._ask(
            "state_population",
            {"place": place, "entry": entry, "year": year},
            source=self._table("agencies"),
        )
        whole = found[0][0] if found else None
        return min(1.0, population / whole) if whole else None

    def _read_populations(self, place: str) -> list[tuple[int, int, str]]:
        """Year, people and file, lists of agencies before what stands beside other counts."""
        if not self._made:
            return []
        told = {"place": place, "ori": _ori_of(place)}
        found: list[Row] = []
        for table in ("agencies", "series"):
            if table in self._made:
                found += self._ask("populations", told, source=self._table(table))
        return [(int(year), int(people), file) for year, people, file in found]

    def _table(self, table: str) -> str:
        """Every row of a table, with the id of the file it came from."""
        parts = [
            f"SELECT '{e.id}' AS entry, '{e.dataset}' AS dataset, true AS is_newest, * "
            f"FROM {parquet(paths)}"
            for e in self._embedded
            if (paths := e.parquet(table))
        ]
        if table in self._made:
            parts.append(f"SELECT * FROM {parquet([self._made[table]])}")
        return "(" + " UNION ALL BY NAME ".join(parts) + ")"

    def _ask(self, name: str, told: dict[str, Any], **tables: str) -> list[Row]:
        query = _sql(name)
        for table, rows in tables.items():
            query = query.replace(f"{{{table}}}", rows)
        used = {k: v for k, v in told.items() if f"${k}" in query}
        connection = self._connection
        try:
            found: list[Row] = connection.execute(query, used).fetchall()
        except RuntimeError as error:
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from None  # the engine's own word for Ctrl-C
            raise
        except self._fault as error:
            raise StoreError(
                f"the records cannot be read ({str(error).splitlines()[0]}); files may have been "
                "added or removed meanwhile, or be damaged. Try again; if it stays so, delete the "
                "folder called combined in the store, which is made again"
            ) from None
        return found

    @cached_property
    def _fault(self) -> type[Exception]:
        import _duckdb

        fault: type[Exception] = _duckdb.Error
        return fault


# The columns of counts.sql.
COUNTS = (
    "dataset", "place", "ori", "agency", "year", "month", "definition", "number", "population",
    "months", "is_partial",
)  # fmt: skip


def _by_ori(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "ori": _ori_of(told["place"] or "")}


def _ori_of(place: str) -> str | None:
    """The seven characters that name an agency, if the key is an agency's."""
    return place[:7] if len(place) in {7, 9} and place.isalnum() and place.isupper() else None


@cache
def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
