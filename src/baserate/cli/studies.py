"""Studies that claims are held against: results, study files that are worked out, or names."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from baserate.cli.common import Progress, require_evaluate

if TYPE_CHECKING:
    from baserate.measure.effects.found import EffectFound
    from baserate.store.open import Store


def effects_of(given: tuple[str, ...], store: Store, quiet: bool) -> tuple[EffectFound, ...]:
    """What each study found. Raises BadStudy for one that is none of the three."""
    return tuple(_effect(Path(each), store, quiet) for each in given)


def _effect(path: Path, store: Store, quiet: bool) -> EffectFound:
    from baserate.measure.effects.found import of_published
    from baserate.measure.effects.read_cells import is_published, published_study
    from baserate.measure.effects.read_result import read_result
    from baserate.measure.effects.shipped import find_study, is_a_name

    if path.suffix.casefold() != ".toml" and not is_a_name(path):
        return read_result(path)
    file = find_study(path)
    command = shlex.join(["baserate", "evaluate", str(path)])
    if is_published(file):
        return of_published(published_study(file), command)
    return _worked_out(path, store, command, quiet)


def _worked_out(path: Path, store: Store, command: str, quiet: bool) -> EffectFound:
    """A study file, evaluated now, through the same door as a result that was written before."""
    require_evaluate()
    from baserate.evaluate.evaluation import evaluate, plan
    from baserate.measure.effects.read_result import result_of
    from baserate.publish.study_export import study_json

    planned = plan(path, store)
    with Progress(quiet) as advance:
        return result_of(study_json(evaluate(planned, advance), command), path.name)
