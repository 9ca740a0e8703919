"""Whose panel it is: states, cities or agencies, by the names a study writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from baserate.errors import BadStudy
from baserate.evaluate.study import Study
from baserate.store.cells import Unit
from baserate.store.open import Store
from baserate.terms.places import Place, recipient, states

UNITS: tuple[Unit, ...] = ("state", "city", "agency")
MANY: Mapping[Unit, str] = {"state": "states", "city": "cities", "agency": "agencies"}


@dataclass(frozen=True, slots=True)
class Units:
    """Which units a panel may have.

    kind     what they are
    treated  keys of the treated
    named    keys that the study names beside them, empty where it names none
    within   states that cities or agencies must be of, empty for all
    """

    kind: Unit
    treated: tuple[str, ...]
    named: tuple[str, ...]
    within: tuple[str, ...]

    def has(self, key: str) -> bool:
        """Whether a unit may be in the panel."""
        if key in self.treated or key in self.named:
            return True
        if self.within:
            return state_of(key, self.kind) in self.within
        return not self.named and (self.kind != "state" or key in states())


def units_of(study: Study, store: Store) -> Units:
    """The units of a study. Refuses a mixture of states, cities and agencies."""
    treated = [placed(unit.name, store) for unit in study.treated]
    kind = _kind(study, treated)
    _refuse_mixture(study, treated, kind)
    named = [placed(name, store) for name in study.panel.places]
    within = tuple(p.key for p in named if p.kind == "state" and kind != "state")
    others = [p for p in named if p.key not in within]
    _refuse_mixture(study, others, kind)
    return Units(kind, tuple(p.key for p in treated), tuple(p.key for p in others), within)


def placed(name: str, store: Store) -> Place:
    """The place or agency a study names. Raises with the nearest names."""
    return recipient(name, store.added_places)


def _kind(study: Study, treated: Sequence[Place]) -> Unit:
    asked = study.panel.unit
    return next((u for u in UNITS if u == asked or (asked == "place" and u == treated[0].kind)),
                "state")  # fmt: skip


def _refuse_mixture(study: Study, places: Sequence[Place], kind: Unit) -> None:
    strange = [p for p in places if p.kind != kind]
    if strange:
        article = "an" if strange[0].kind == "agency" else "a"
        hint = "; an agency is named by its identifier, as VT0040100" if kind == "agency" else ""
        raise BadStudy(
            f"{study.file}: {strange[0]} is {article} {strange[0].kind}, and the panel is of "
            f"{MANY[kind]}; one panel has units of one kind{hint}"
        )


def state_of(key: str, kind: Unit) -> str:
    """The state a unit is in.

    >>> state_of("St. Louis, MO", "city"), state_of("NB00100", "agency"), state_of("MO", "state")
    ('MO', 'NE', 'MO')
    """
    if kind == "agency":
        return {"NB": "NE"}.get(key[:2], key[:2])
    return key.rpartition(", ")[2] if kind == "city" else key


def readable(key: str, kind: Unit, agency: str | None = None) -> str:
    """A unit's name for a reader.

    >>> readable("MO", "state"), readable("VT00401", "agency", "Burlington")
    ('Missouri', 'Burlington (VT00401)')
    """
    if kind == "state":
        return states()[key].name if key in states() else key
    return f"{agency} ({key})" if kind == "agency" and agency else key


def renamed(study: Study, store: Store, names: Mapping[str, str]) -> Study:
    """The study with its units named as the panel names them."""

    def named(name: str) -> str:
        key = placed(name, store).key
        return names.get(key, key)

    return replace(
        study,
        treated=tuple(replace(unit, name=named(unit.name)) for unit in study.treated),
        donors_only=tuple(map(named, study.donors_only)),
        donors_without=tuple(map(named, study.donors_without)),
        displacement=study.displacement
        and replace(
            study.displacement,
            units=tuple(map(named, study.displacement.units)),
            control_units=tuple(map(named, study.displacement.control_units)),
        ),
    )
