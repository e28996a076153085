"""What of a conversation is searched, and the form in which the index holds it.

The same form is made of an item and of a query, so that both always agree. A change here needs
another `schema.EXTRACTOR`.

FTS5 separates words at spaces and punctuation. Scripts without spaces between words (Chinese,
Japanese, Thai, Lao, Khmer, Burmese) and Korean, which joins particles to words, are therefore cut
into overlapping pairs of characters: a word of n characters is a phrase of n - 1 pairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

from chatkit_tui.models.json import JSON, load_json

KINDS: Final = {
    "user_message": "user",
    "assistant_message": "assistant",
    "widget": "widget",
    "client_tool_call": "tool",
    "task": "task",
    "task_group": "task",
    "workflow": "task",
    "generated_image": "image",
    "structured_input": "question",
    "end_of_turn": "end",
    "hidden_context_item": "hidden",
    "sdk_hidden_context": "hidden",
}
"""The kind that a search can be limited to, by the item's type without prefix; else `other`."""
KIND_NAMES: Final = (*dict.fromkeys(KINDS.values()), "other")
"""Each kind once."""

_SHOWN_OF_WIDGET: Final = frozenset(
    ("value", "label", "title", "text", "placeholder", "alt", "name", "description", "url", "src")
)
"""Properties of a component whose text a user can see."""

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")

_DROPPED: Final = re.compile(
    "[\u0640\u064b-\u065f\u0670\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Tatweel, Arabic vowel signs and invisible characters."""

_GREEK_AND_CYRILLIC: Final = (range(0x370, 0x530), range(0x1F00, 0x2000))
_ACCENT: Final = re.compile("[\u0300-\u036f]")


def without_accents(text: str) -> str:
    """Return a text without the accents of Latin, Greek and Cyrillic letters."""
    bare = _ACCENT.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare)


_ALIKE: Final = str.maketrans(
    {
        letter: without_accents(letter)
        for letters in _GREEK_AND_CYRILLIC
        for letter in map(chr, letters)
    }
    | {"ß": "ss", "ẞ": "ss", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ı": "i", "İ": "i", "ς": "σ"}
)
"""Letters that unicode61 keeps apart although a scan does not: it drops the accents of Latin."""


def read_object(raw: str | bytes) -> dict[str, JSON]:
    """Return a row as a JSON object; empty if it is anything else."""
    try:
        value = load_json(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def text_of(row: dict[str, JSON], name: str) -> str | None:
    """Return a field of a row if it is a text."""
    value = row.get(name)
    return value if isinstance(value, str) else None


def kind_of(item: dict[str, JSON]) -> str:
    """Return the kind of an item, as `--kind` names it."""
    return KINDS.get(_type(item), "other")


def item_text(item: dict[str, JSON]) -> str:
    """Return everything of an item that is searched, each text on a line of its own."""
    return "\n".join(text for text in _texts_of_item(item) if text)


def thread_text(thread: dict[str, JSON]) -> str:
    """Return what of a thread itself is searched: title, user and id."""
    fields = (text_of(thread, name) for name in ("title", "user", "id"))
    return "\n".join(field for field in fields if field)


def index_form(text: str) -> str:
    """Return a text as the index gets it."""
    if text.isascii():
        return text.replace("\0", " ")
    return UNSPACED_RUN.sub(_pairs_and_last, normal_form(text))


def normal_form(text: str) -> str:
    """Return a text without what does not count in a comparison, before it is cut into pairs."""
    if text.isascii():
        return text.replace("\0", " ")
    folded = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    return _DROPPED.sub("", folded).replace("\0", " ")


def pairs(run: str) -> str:
    """Return the overlapping pairs of a run of characters; one character stays alone."""
    return " ".join(run[at : at + 2] for at in range(len(run) - 1)) or run


def _pairs_and_last(match: re.Match[str]) -> str:
    run = match[0]
    # The last character alone begins no pair: as a word of its own it is found as a prefix.
    return f" {pairs(run)} {run[-1]} "


# -- the texts of an item --------------------------------------------------------------------------


def _type(item: dict[str, JSON]) -> str:
    kind = item.get("type")
    return kind.removeprefix("chatkit.") if isinstance(kind, str) else ""


def _texts_of_item(item: dict[str, JSON]) -> Iterator[str]:
    return _TEXTS.get(_type(item), _all_texts)(item)


def _texts_of_message(item: dict[str, JSON]) -> Iterator[str]:
    content = item.get("content")
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            yield from _named(part, "text")
            if part.get("type") == "input_tag":
                yield from _named(part, "id", "group")
                yield from _all_texts(part.get("data"))
            for annotation in _objects(part.get("annotations")):
                yield from _texts_of_sources(annotation.get("source"))
    yield from _named(item, "quoted_text")
    for attachment in _objects(item.get("attachments")):
        yield from _named(attachment, "name")


def _texts_of_sources(value: JSON) -> Iterator[str]:
    for source in _objects(value):
        yield from _named(source, "title", "filename", "url", "description", "group")
        yield from _named(source, "attribution", "timestamp")
        if source.get("type") == "entity":
            yield from _named(source, "id", "label", "inline_label")
            yield from _all_texts(source.get("data"))


def _texts_of_call(item: dict[str, JSON]) -> Iterator[str]:
    yield from _named(item, "name", "call_id")
    for name in ("arguments", "output"):
        yield from _all_texts(_parsed(item.get(name)))


def _texts_of_tasks(item: dict[str, JSON]) -> Iterator[str]:
    """Yield the texts of a step or a group of them, in both spellings."""
    for task in (item, *_objects(item.get("task")), *_objects(item.get("tasks"))):
        yield from _named(task, "heading", "summary", "title", "content", "title_query")
        yield from _all_texts(task.get("queries"))
        yield from _texts_of_sources(task.get("sources"))
    for workflow in _objects(item.get("workflow")):
        for summary in _objects(workflow.get("summary")):
            yield from _named(summary, "title")
        yield from _texts_of_tasks(workflow)


def _texts_of_questions(item: dict[str, JSON]) -> Iterator[str]:
    for question in _objects(item.get("inputs")):
        yield from _named(question, "question", "description")
        for option in _objects(question.get("options")):
            yield from _named(option, "value")
        for answer in _objects(question.get("answer")):
            yield from _all_texts(answer.get("values"))


def _texts_of_image(item: dict[str, JSON]) -> Iterator[str]:
    for image in _objects(item.get("image")):
        yield from _named(image, "url", "id")


def _texts_of_widget(item: dict[str, JSON]) -> Iterator[str]:
    yield from _shown_texts(_parsed(item.get("widget")))
    yield from _named(item, "copy_text")


def _shown_texts(value: JSON) -> Iterator[str]:
    pending: list[Any] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += reversed(node)
        elif isinstance(node, dict):
            yield from (
                field
                for name, field in node.items()
                if isinstance(field, str) and name in _SHOWN_OF_WIDGET
            )
            pending += reversed(
                [field for field in node.values() if isinstance(field, list | dict)]
            )


def _all_texts(value: JSON) -> Iterator[str]:
    """Yield every text, number and key of some JSON, in order."""
    pending: list[Any] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, list):
            pending += reversed(node)
        elif isinstance(node, dict):
            pending += [part for pair in reversed(node.items()) for part in reversed(pair)]
        elif node is not None and not isinstance(node, bool):
            yield str(node)


def _named(fields: dict[str, JSON], *names: str) -> Iterator[str]:
    for name in names:
        field = fields.get(name)
        if isinstance(field, str):
            yield field


def _objects(value: JSON) -> Iterator[dict[str, JSON]]:
    """Yield the objects in a list, or the one in place of a list."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            yield entry


def _parsed(value: JSON) -> JSON:
    """Return JSON in a string as its value; any other text as it is."""
    if not isinstance(value, str):
        return value
    try:
        return load_json(value)
    except (ValueError, RecursionError):
        return value


_TEXTS: Final[dict[str, Callable[[dict[str, JSON]], Iterator[str]]]] = {
    "user_message": _texts_of_message,
    "assistant_message": _texts_of_message,
    "client_tool_call": _texts_of_call,
    "task": _texts_of_tasks,
    "task_group": _texts_of_tasks,
    "workflow": _texts_of_tasks,
    "widget": _texts_of_widget,
    "generated_image": _texts_of_image,
    "structured_input": _texts_of_questions,
    "end_of_turn": lambda _: iter(()),
    "hidden_context_item": lambda item: _all_texts(item.get("content")),
    "sdk_hidden_context": lambda item: _all_texts(item.get("content")),
}
"""The texts of an item by its type; of any other type all."""
