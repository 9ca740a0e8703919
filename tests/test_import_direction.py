"""The house: imports go one way, and only some rooms have a door to the outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import baserate

PACKAGE = Path(baserate.__file__).parent
ORDER = [
    {"errors", "version"},
    {"terms"},
    {"sources"},
    {"store"},
    {"measure"},
    {"places", "evaluate", "grants", "records", "claims"},
    {"publish"},
    {"cli", "web"},
]
RANK = {name: i for i, level in enumerate(ORDER) for name in level}
FRONT = {"__init__.py", "__main__.py"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if str(inside) not in FRONT:
            yield inside.parts[0].removesuffix(".py"), path, ast.parse(path.read_text())


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of every module a file imports, wherever in the file it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (f"{module}.{a.name}" for a in node.names)


def wrong_imports(here: str, names: list[str]) -> list[str]:
    """Our packages that `here` may not import, among those it does."""
    ours = [n.split(".")[1] for n in names if n.startswith("baserate.") and n.count(".")]
    return [
        there for there in ours if there in RANK and there != here and RANK[there] >= RANK[here]
    ]


def test_every_room_has_its_floor():
    assert {here for here, _, _ in modules()} <= set(RANK)


@pytest.mark.parametrize("room", sorted({here for here, _, _ in modules()}))
def test_imports_go_one_way(room: str):
    wrong = {
        path.name: bad
        for here, path, tree in modules()
        if here == room and (bad := wrong_imports(here, list(imported(tree))))
    }
    assert wrong == {}


def test_the_rule_itself_sees_a_wrong_import():
    assert wrong_imports("store", ["baserate.measure.ask"]) == ["measure"]
    assert wrong_imports("measure", ["baserate.store.open", "baserate.measure.parse"]) == []


def test_nothing_above_the_store_knows_the_engine():
    users = {here for here, _, tree in modules() if any("duckdb" in n for n in imported(tree))}
    assert users == {"sources", "store"}


DOORS = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib"),
    *("socket", "socketserver", "ssl", "urllib.error", "urllib.request", "urllib3", "webbrowser"),
    *("websockets", "xmlrpc"),
}


def opens_a_door(name: str) -> bool:
    """Whether a module leads to the network; `urllib.parse` only takes addresses apart."""
    return any(f"{name}.".startswith(f"{door}.") for door in DOORS)


def test_only_fetch_touches_the_network():
    users = {
        path.relative_to(PACKAGE).as_posix()
        for _, path, tree in modules()
        for name in imported(tree)
        if opens_a_door(name)
    }
    assert users == {"sources/network/fetch.py"}


def test_the_rule_itself_sees_a_door():
    assert opens_a_door("http.client.HTTPConnection")
    assert opens_a_door("urllib.request")
    assert not opens_a_door("urllib.parse.quote")


def test_only_the_command_line_prints_or_reads_the_environment():
    for here, path, tree in modules():
        if here in {"cli", "web"}:
            continue
        for node in ast.walk(tree):
            called = (
                node.func.id
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                else ""
            )
            assert called != "print", f"{path.name} prints"
            attribute = node.attr if isinstance(node, ast.Attribute) else ""
            assert attribute not in {"environ", "getenv"}, f"{path.name} reads the environment"


ARRAYS_ALONE = (
    "inference", "differences", "staggered", "counts", "series", "synthetic", "small_areas",
)  # fmt: skip


@pytest.mark.parametrize("room", ARRAYS_ALONE)
def test_a_design_knows_arrays_alone(room: str):
    allowed = ("errors", "terms", "measure", *(f"evaluate.{each}" for each in ARRAYS_ALONE))
    paths = sorted((PACKAGE / "evaluate" / room).glob("*.py"))
    assert len(paths) > 1
    strange = {
        path.name: bad
        for path in paths
        if (
            bad := [
                name
                for name in imported(ast.parse(path.read_text()))
                if name.startswith("baserate.")
                and not name.removeprefix("baserate.").startswith(allowed)
            ]
        )
    }
    assert not strange
