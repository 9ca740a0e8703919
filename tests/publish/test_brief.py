"""The page: one file, nothing from outside, every number with its unit and its command."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from tests.made.pages import outline

from baserate.errors import CannotWrite, PlaceNotHeld
from baserate.measure.ask import ask
from baserate.publish.brief import make_brief, render_brief, write_brief
from baserate.publish.page import write_whole
from baserate.store.open import Store
from baserate.terms.places import Place, place, resolve

LIMIT = 300 * 1024
PLACES = ["US", "MO", "DC", "WY", "MS", "NY", "IL", "VT"]


@pytest.fixture(scope="module", params=PLACES)
def page(request: pytest.FixtureRequest, store: Store) -> tuple[Place, str]:
    where = place(request.param)
    return where, render_brief(make_brief(where, store), made_on=date(2026, 1, 2))


def test_the_page_is_small_and_whole(page: tuple[Place, str]):
    where, text = page
    assert len(text.encode()) < LIMIT
    assert where.plain in text
    seen = outline(text)
    assert seen.headings[0] == "h1"
    assert seen.headings.count("h1") == 1
    assert seen.tables == seen.captions > 5


def test_the_page_loads_and_runs_nothing(page: tuple[Place, str]):
    _, text = page
    seen = outline(text)
    assert "script" not in seen.tags
    assert all(source.startswith("data:") for source in seen.loads)
    assert "@import" not in text
    assert "url(" not in text


def test_every_chart_has_a_text_alternative_numbers_csv_and_a_command(page: tuple[Place, str]):
    _, text = page
    charts = re.findall(r"<svg[^>]*>", text)
    assert all('role="img"' in c and re.search(r'aria-label="[^"]{6,}', c) for c in charts)
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.S)
    assert len(figures) >= 6
    for figure in figures:
        assert "<details>" in figure
        assert "data:text/csv" in figure
        assert "<code>baserate ask" in figure


def test_every_command_on_the_page_can_be_run(page: tuple[Place, str], store: Store):
    import html

    _, text = page
    commands = {html.unescape(c) for c in re.findall(r"(baserate ask &#34;.*?&#34;)", text)}
    assert len(commands) > 20
    for each in commands:
        assert ask(each.split('"')[1], store=store).rerun == each


def test_no_number_is_left_without_sense(page: tuple[Place, str]):
    _, text = page
    assert not re.search(r"\b(nan|inf|None|undefined)\b", re.sub(r"data:[^\"]*", "", text))


def test_the_same_day_makes_the_same_page(store: Store):
    brief = make_brief(place("MO"), store)
    one, two = (render_brief(brief, made_on=date(2026, 1, 2)) for _ in range(2))
    assert one == two


def test_a_nation_has_no_rank_and_a_state_has(store: Store):
    assert make_brief(place("US"), store).ranks == ()
    assert len(make_brief(place("MO"), store).ranks) == 2


def test_the_break_in_the_definition_is_drawn_as_a_gap(page: tuple[Place, str]):
    _, text = page
    first = re.search(r'<svg viewBox="0 0 880 340".*?</svg>', text, flags=re.S)
    assert first is not None
    assert first[0].count('class="line place"') == 2
    assert "rape redefined" in first[0]


def test_caveats_of_every_figure_stand_at_the_foot_once(page: tuple[Place, str]):
    _, text = page
    foot = text[text.index("<footer>") :]
    assert "FBI estimates of offenses recorded by police" in foot
    caveats = re.findall(r"<li>(.*?)</li>", foot, flags=re.S)
    assert len(caveats) == len(set(caveats))


def test_progress_is_told_to_whoever_watches(store: Store):
    seen: list[tuple[int, int]] = []
    make_brief(place("OH"), store, lambda done, of, _: seen.append((done, of)))
    assert seen[-1][0] == seen[-1][1] == len(seen)


def test_a_place_without_records_has_no_brief(store: Store):
    with pytest.raises(PlaceNotHeld, match='"baserate add" it'):
        make_brief(resolve("St. Louis"), store)


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path, store: Store):
    with pytest.raises(CannotWrite, match="could not be written"):
        write_brief(place("MO"), tmp_path / "missing" / "x.html", store=store)
    with pytest.raises(CannotWrite):
        write_whole(tmp_path, "a folder is no file")
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_written_whole_or_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "x.html"
    write_whole(path, "old")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path):
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o600


def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null"), Path()):
        with pytest.raises(CannotWrite, match="is not a file"):
            write_whole(path, "new")
    assert pipe.is_fifo()
