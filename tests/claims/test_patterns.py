"""No pattern of the claims package takes more than linear time, whatever it is fed."""

from __future__ import annotations

import ast
import gc
import importlib
import pkgutil
import re
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import baserate.claims
from baserate.claims.article import Article
from baserate.claims.article_check import check_article
from baserate.claims.documents.plain import ASIDE
from baserate.claims.times import forms as time_forms
from baserate.store.open import Store

SHORT = 1_000  # characters; what takes longer on them than AT_ONCE is tried on four times as many
AT_ONCE = 0.0005  # seconds
TOO_LONG = 0.25
UNITS = [
    *" \t\n-–,;:.'\"“’()<[{/%$=_1aAé\N{IDEOGRAPHIC SPACE}",
    "--", "---\n", "a: b\n", "\n\n", " \n", ", ", "; ", ". ", "A ", "Aa ", "A, ", "A and ",
    "A.", "A. ", "A-", "5 ", "5,", "5, ", "5.5", "5 percent ", "5% ", "$5 ", "2015 ", "2015-",
    "1/2", "1/2/2015 ", "twenty-", "million ", "the ", "to ", "from ", "from 5 to ", "fell to ",
    "in 2015, ", "Jan. 1, ", "last year ", "the same ", "since ", "than ", "times ", "murder ",
    "violent crime ", "per 100,000 ", "highest ", "lowest since ", "said ", ", said ", "Mayor ",
    "according to ", "\" said ", "\"a\" ", "“a ", "not ", "false ", "St. ", "Salem, Ore. ",
    "SALEM, Ore. - ", "the city ", "New ", "four of the ", "All four members ", "Reps. ",
    "Jr., ", "5 in Salem and ", "5 of 6 ", "<p ", "<!--", "charset=", "{\"a\":",
]  # fmt: skip
OTHERWISE_USED = (
    ASIDE,  # must fit all of one line
    time_forms._SPACES,  # reads our own table and no article
)
STARTS = ["", "---\n", "SALEM, Ore. (AP) - All four members of Congress, from 5"]


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(baserate.claims.__path__, "baserate.claims."):
        yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 6) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """Patterns that a value holds, in its fields, its items, or a cache that it fills."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and not isinstance(value, ModuleType | type | FunctionType | str | bytes | int):
        for part in gc.get_referents(value):
            yield from patterns_in(part, depth - 1)


@pytest.fixture(scope="module")
def patterns(store: Store) -> dict[str, re.Pattern[Any]]:
    """Every pattern by its text, once every example has been read and the caches are full."""
    table = Path(baserate.claims.__file__).with_name("examples.toml").read_text(encoding="utf-8")
    examples = [case["says"] for case in tomllib.loads(table)["example"]]
    text = "SALEM, Ore. (AP) - All three members spoke: Al Frey and Bo Field.\n\n" + "\n".join(
        examples
    )
    check_article(Article(article_id="a", text=text, published=date(2016, 6, 1)), store)
    kept = (p for m in modules() for v in vars(m).values() if _is_ours(v) for p in patterns_in(v))
    written = (p for m in modules() for p in patterns_written_in(Path(str(m.__file__))))
    all_of_them = {repr(p.pattern): p for p in (*kept, *written)}
    return {text: p for text, p in all_of_them.items() if p not in OTHERWISE_USED}


def _is_ours(value: Any) -> bool:
    """Whether a module's value is data, or a function of ours that keeps what it made."""
    return not callable(value) or str(value.__module__).startswith("baserate.claims")


def patterns_written_in(module: Path) -> Iterator[re.Pattern[str]]:
    """Patterns that stand where they are used: re.search(r"...", text)."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).startswith("re.")
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield re.compile(node.args[0].value)


def seconds(pattern: re.Pattern[Any], text: str) -> float:
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    began = time.process_time()
    pattern.match(given)
    for _ in pattern.finditer(given):
        pass
    return time.process_time() - began


def is_slow(pattern: re.Pattern[Any], start: str, unit: str) -> bool:
    """Whether four times the text takes much more than four times as long."""

    def at(size: int, times: int) -> float:
        text = start + unit * (size // len(unit))
        return min(seconds(pattern, text) for _ in range(times))

    first = at(SHORT, 1)
    if first < AT_ONCE or first > TOO_LONG:
        return first > TOO_LONG
    # Sixteen times where it is quadratic. Looked at again, because another process may have run.
    return all(at(4 * SHORT, 2) > 9 * at(SHORT, 3) for _ in range(3))


def test_every_pattern_is_found(patterns: dict[str, re.Pattern[Any]]):
    texts = set(patterns)
    assert len(texts) > 150
    for part in ("Lts?", "upward", "per capita|adjusted"):  # a module's own, out of a cache, in use
        assert any(part in text for text in texts), part


@pytest.mark.parametrize("start", STARTS)
def test_no_pattern_slows_down_on_hostile_text(patterns: dict[str, re.Pattern[Any]], start: str):
    units = UNITS if not start else UNITS[::5]
    slow = [
        (text, unit) for text, p in patterns.items() for unit in units if is_slow(p, start, unit)
    ]
    assert slow == []


def test_a_pattern_that_is_quadratic_would_be_caught():
    assert is_slow(re.compile(r"a+b"), "", "a")
    assert not is_slow(re.compile(r"a{1,40}b"), "", "a")
