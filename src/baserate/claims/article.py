"""An Article: the text as it was read, and what is known of its origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text to check. Every offset elsewhere counts characters of `text`.

    `published` is None where nobody says; then "last year" has no meaning. `dated_by` says how
    the date was learned: 'feed', 'front matter', 'page', 'given', or 'file' for the day a PDF file
    was made, which may be years later.
    """

    article_id: str
    text: str
    published: date | None = None
    outlet: str | None = None
    title: str | None = None
    url: str | None = None
    dated_by: str | None = None
