"""The sources of an assistant's text: numbered, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatkit_tui.document.blocks import Block, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span, Style
from chatkit_tui.models.items import Annotation, UnknownPart
from chatkit_tui.render.context import Context
from chatkit_tui.render.spans import address, joined, note, untrusted, words
from chatkit_tui.render.unknown import unknown_part

_KNOWN = ("", "file", "url")


@dataclass(slots=True)
class Source:
    """One source, however often it was cited."""

    kind: str
    """`file`, `url`, or the server's own word."""
    filename: str
    url: str
    titles: list[str] = field(default_factory=list)
    """What it was called, each name once."""
    places: list[str] = field(default_factory=list)
    """Where in the text it was cited, as far as the server said so."""


def sources(annotations: Iterable[Annotation]) -> tuple[Source, ...]:
    """The sources behind annotations in the order of their first mention.

    Two annotations mean the same source when kind, address and file name are the same, or, when
    there are neither of the last two, the title.
    """
    found: dict[tuple[str, str, str, str], Source] = {}
    for annotation in annotations:
        source = annotation.source
        kind = source.type or annotation.type
        filename, url, title = source.filename or "", source.url or "", source.title or ""
        key = (kind, filename, url, "" if filename or url else title)
        entry = found.setdefault(key, Source(kind, filename, url))
        place = words((annotation.model_extra or {}).get("index"))
        if title and title not in (*entry.titles, filename, url):
            entry.titles.append(title)
        if place and place not in entry.places:
            entry.places.append(place)
    return tuple(found.values())


def source_blocks(
    annotations: Iterable[Annotation | UnknownPart], context: Context
) -> tuple[Block, ...]:
    """The list of sources below a text; empty without annotations."""
    given = list(annotations)
    if not given:
        return ()
    entries: list[tuple[Block, ...]] = [
        (Paragraph(_spans(source)),)
        for source in sources(entry for entry in given if isinstance(entry, Annotation))
    ]
    seen: list[UnknownPart] = []
    for entry in given:
        if isinstance(entry, UnknownPart) and entry not in seen:
            seen.append(entry)
            entries.append(unknown_part(entry, "annotation", context))
    width = len(str(len(entries)))
    return (
        note("sources" if len(entries) > 1 else "source"),
        *(
            Indented(
                blocks,
                Span(f" {number:>{width}}  ", Style("link")),
                Span(" " * (width + 3), DIM),
            )
            for number, blocks in enumerate(entries, 1)
        ),
    )


def _spans(source: Source) -> tuple[Span, ...]:
    kind = "" if source.kind in _KNOWN else source.kind
    places = f"at {', '.join(source.places)}" if source.places else ""
    spans = [
        untrusted(" / ".join(source.titles)),
        untrusted(source.filename),
        address(source.url) if source.url else Span(""),
        untrusted(kind, DIM),
        untrusted(places, DIM),
    ]
    return joined(spans) or (Span("a source without a name", DIM),)
