"""The formats of exported threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import PurePath
from typing import TypeAlias

from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.render import RenderContext

WriteThread: TypeAlias = Callable[[ExportedThread, RenderContext], Iterator[bytes]]
"""Yields a file in pieces. May be called in a thread; raises `OSError`."""


class ExportFormat(StrEnum):
    """A format; its value is its name for users and the suffix of its files."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"
    JSON_LINES = "jsonl"
    TEXT = "txt"
    PARQUET = "parquet"
    """A dataset of all threads, not one file per thread: `parquet.batches` writes it."""

    @classmethod
    def of_file(cls, path: PurePath) -> ExportFormat | None:
        """Return the format that the name of a file asks for; None for any other name."""
        suffix = path.suffix.removeprefix(".").lower()
        return next((each for each in cls if each == suffix), None)

    @property
    def words(self) -> str:
        """The name of the format for users."""
        return _WORDS[self]

    @property
    def is_json(self) -> bool:
        return self in (ExportFormat.JSON, ExportFormat.JSON_LINES)

    def pieces(self, exported: ExportedThread, context: RenderContext) -> Iterator[bytes]:
        """Yield a thread as one file in pieces; see `WriteThread`. Not for Parquet."""
        return _writer(self)(exported, context)

    def files(
        self, exported: ExportedThread, context: RenderContext, stem: str
    ) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield the names of the files of a thread, and the pieces of each.

        A long thread as HTML is more than one file; the last one is `STEM.html`, as for a short
        one. The pieces of a file must be used up before the next one is asked for.
        """
        if self is ExportFormat.HTML:
            from chatkit_tui.export.html.files import thread_files

            yield from thread_files(exported, context, stem)
        else:
            yield f"{stem}.{self}", self.pieces(exported, context)


_WORDS = {
    ExportFormat.MARKDOWN: "Markdown",
    ExportFormat.HTML: "HTML",
    ExportFormat.JSON: "JSON",
    ExportFormat.JSON_LINES: "JSON lines",
    ExportFormat.TEXT: "text",
    ExportFormat.PARQUET: "Parquet",
}


def _writer(format: ExportFormat) -> WriteThread:  # noqa: A002 # the word for it
    """Return the function of a format; what it needs is imported late."""
    if format is ExportFormat.MARKDOWN:
        from chatkit_tui.export.markdown import thread_markdown

        return thread_markdown
    if format is ExportFormat.HTML:
        from chatkit_tui.export.html.files import thread_html

        return thread_html
    if format is ExportFormat.TEXT:
        from chatkit_tui.export.text import thread_text

        return thread_text
    from chatkit_tui.export.json import thread_json, thread_jsonl

    return thread_json if format is ExportFormat.JSON else thread_jsonl
