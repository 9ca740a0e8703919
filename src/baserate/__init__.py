"""What the public records say about a statement on US violent crime, how sure, and why.

    terms     what the words mean: offenses, places, periods, quantities
    sources   one reader for each official format; the catalog of datasets
    store     series that know their file and row
    measure   a Question has an Answer
    claims    what an article asserts, and whether it holds
    evaluate  did it work: designs side by side
    grants    who gets what: formulas, selection, conditions
    publish   sentences, charts, pages, exports
    cli       arguments in, Answers out

The front door, in the order of the work: `open_store`, `parse`, `answer` (or `ask`, which does
all three), `to_json`, `write_brief`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baserate.version import VERSION

if TYPE_CHECKING:
    from baserate.measure.answer import Answer
    from baserate.measure.ask import answer, ask
    from baserate.measure.parse import parse
    from baserate.measure.question import Question
    from baserate.publish.brief import write_brief
    from baserate.publish.export import to_csv, to_json
    from baserate.store.open import open_store

__version__ = VERSION

# Loaded when first named, so that `baserate --help` stays quick.
_FRONT_DOOR = {
    "open_store": "baserate.store.open",
    "parse": "baserate.measure.parse",
    "Question": "baserate.measure.question",
    "Answer": "baserate.measure.answer",
    "answer": "baserate.measure.ask",
    "ask": "baserate.measure.ask",
    "to_json": "baserate.publish.export",
    "to_csv": "baserate.publish.export",
    "write_brief": "baserate.publish.brief",
}

__all__ = [
    "Answer",
    "Question",
    "answer",
    "ask",
    "open_store",
    "parse",
    "to_csv",
    "to_json",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    """Import a name of the front door when it is first used."""
    if name in _FRONT_DOOR:
        from importlib import import_module

        return getattr(import_module(_FRONT_DOOR[name]), name)
    raise AttributeError(f"module 'baserate' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_FRONT_DOOR])
