"""Articles out of files, web pages, PDF files and feeds, whatever their bytes."""

from __future__ import annotations

from baserate.claims.documents.reading import read_articles

__all__ = ["read_articles"]
