"""The numbered list of the sources of a message or a task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chatkit_tui.document.blocks import Block, Indented, Paragraph, note
from chatkit_tui.document.spans import DIM, Span, Style, address, spaced, untrusted
from chatkit_tui.document.unknown_parts import unknown_part
from chatkit_tui.document.values import readable_value
from chatkit_tui.models.items import AssistantMessage, Item, Task, TaskGroup, UserMessage
from chatkit_tui.models.json import JSON, dump_json
from chatkit_tui.models.parts import Annotation, AnnotationSource, OutputText, UnknownPart


@dataclass(slots=True)
class _Source:
    """One source, cited once or more."""

    kind: str
    """`file`, `url`, `entity`, or another word of the server."""
    filename: str
    url: str
    id: str
    titles: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    """Further words of the server on it."""
    data: list[JSON] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    """The positions in the text where it is cited, if the server gives them."""

    def add(self, source: AnnotationSource, place: JSON) -> None:
        """Add what a citation has that others have not."""
        title = source.title
        if title and title not in (*self.titles, self.filename, self.url):
            self.titles.append(title)
        labels = (source.label, source.inline_label)
        others = (source.description, source.group, source.attribution, source.timestamp)
        for word in (*labels, *others):
            if word and not any(
                word in shown for shown in (*self.titles, *self.details, self.url, self.filename)
            ):
                self.details.append(word)
        if source.data and source.data not in self.data:
            self.data.append(source.data)
        word = place if isinstance(place, str) or place is None else dump_json(place)
        if word and word not in self.places:
            self.places.append(word)

    def blocks(self) -> tuple[Block, ...]:
        spans = spaced(
            untrusted(" / ".join(self.titles)),
            untrusted(self.filename),
            address(self.url),
            untrusted(self.id, DIM),
            *(untrusted(detail, DIM) for detail in self.details),
            untrusted("" if self.kind in ("", "file", "url") else self.kind, DIM),
            untrusted(f"at {', '.join(self.places)}" if self.places else "", DIM),
        ) or (Span("a source without a name", DIM),)
        return (Paragraph(spans), *(block for data in self.data for block in readable_value(data)))


def annotation_list(annotations: Iterable[Annotation | UnknownPart]) -> tuple[Block, ...]:
    """Return the sources of annotations; empty without annotations."""
    cited = list(annotations)
    return _list(
        [
            (entry.source, entry.source.type or entry.type, entry.index)
            for entry in cited
            if isinstance(entry, Annotation)
        ],
        [entry for entry in cited if isinstance(entry, UnknownPart)],
        "annotation",
    )


def source_list(sources: Iterable[AnnotationSource | UnknownPart]) -> tuple[Block, ...]:
    """Return the sources of a task; empty without sources."""
    found = list(sources)
    return _list(
        [(entry, entry.type, None) for entry in found if isinstance(entry, AnnotationSource)],
        [entry for entry in found if isinstance(entry, UnknownPart)],
        "source",
    )


def _list(
    cited: Iterable[tuple[AnnotationSource, str, JSON]], unknown: Iterable[UnknownPart], what: str
) -> tuple[Block, ...]:
    """Return sources with their kinds and places, each once, in the order of their first citation.

    Two have the same source if kind, id, address and file name are the same, or, without the last
    three, the title.
    """
    found: dict[tuple[str, ...], _Source] = {}
    for source, kind, place in cited:
        names = (source.filename or "", source.url or "", source.id or "")
        key = (kind, *names, "" if any(names) else source.title or "")
        found.setdefault(key, _Source(kind, *names)).add(source, place)
    entries = [entry.blocks() for entry in found.values()]
    seen: list[UnknownPart] = []
    for part in unknown:
        if part not in seen:
            seen.append(part)
            entries.append(unknown_part(part, what))
    return _numbered(entries)


def _numbered(entries: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    if not entries:
        return ()
    width = len(str(len(entries)))
    rest = Span(" " * (width + 3), DIM)
    return (
        note("sources" if len(entries) > 1 else "source"),
        *(
            Indented(blocks, Span(f" {number:>{width}}  ", Style("link")), rest)
            for number, blocks in enumerate(entries, 1)
        ),
    )


def annotations_of(item: UserMessage | AssistantMessage) -> list[Annotation | UnknownPart]:
    """Return the annotations of all parts of a message."""
    texts = [part for part in item.content if isinstance(part, OutputText)]
    return [annotation for part in texts for annotation in part.annotations]


def sources_of(item: Item) -> list[AnnotationSource]:
    """Return the known sources that an item cites, each as often as it does."""
    found: list[AnnotationSource | UnknownPart] = []
    if isinstance(item, UserMessage | AssistantMessage):
        found += [each.source for each in annotations_of(item) if isinstance(each, Annotation)]
    steps = (item.step,) if isinstance(item, Task) else ()
    for step in item.steps if isinstance(item, TaskGroup) else steps:
        if not isinstance(step, UnknownPart):
            found += step.sources
    return [source for source in found if isinstance(source, AnnotationSource)]
