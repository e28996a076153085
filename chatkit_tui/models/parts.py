"""Parts of items: what messages consist of, their sources, attachments and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator

from chatkit_tui.models.fields import LenientModel, lenient
from chatkit_tui.models.json import JSON, TOO_DEEP_REASON, dump_json


class UnknownPart(LenientModel):
    """A content part, annotation, source, task or question of an unknown type, or no object."""

    type: str = ""
    """Its type; empty if it has none."""
    text: str | None = None
    """Its text, if it has one."""
    value: JSON = None
    """The JSON value."""


def _unknown(value: JSON) -> UnknownPart:
    fields = value if isinstance(value, dict) else {}
    kind, text = fields.get("type"), fields.get("text")
    if isinstance(value, str):
        text = value
    return UnknownPart(
        type=kind if isinstance(kind, str) else "",
        text=text if isinstance(text, str) else None,
        value=value,
    )


def _known(value: JSON, models: Mapping[str, type[LenientModel]]) -> LenientModel:
    """Return an element of a list as the model of its type, or as an `UnknownPart`."""
    kind = value.get("type") if isinstance(value, dict) else None
    model = models.get(kind) if isinstance(kind, str) else None
    try:
        return model.read(value) if model else _unknown(value)
    except ValueError:  # a required field is missing
        return _unknown(value)


def _each(read: Callable[[JSON], LenientModel]) -> BeforeValidator:
    """Return a validator that reads a list with `read`, or one element in place of a list."""

    def read_all(value: JSON) -> list[LenientModel]:
        if value is None:
            return []
        return [read(entry) for entry in (value if isinstance(value, (list, tuple)) else [value])]

    return BeforeValidator(read_all)


def objects(model: type[LenientModel]) -> BeforeValidator:
    """Return a validator that reads a list of objects as `model`, whatever their type."""
    return _each(lambda entry: model.read(entry) if isinstance(entry, dict) else _unknown(entry))


def known(models: Mapping[str, type[LenientModel]]) -> BeforeValidator:
    """Return a validator that reads a list of objects as the models of their types."""
    return _each(lambda entry: _known(entry, models))


# -- sources ---------------------------------------------------------------------------------------


class AnnotationSource(LenientModel):
    """The source of an annotation or a task: a file, a web address, or an entity of the app."""

    type: str = ""
    """`file`, `url` or `entity`; others are unknown."""
    filename: str | None = None
    url: str | None = None
    title: str | None = None
    description: str | None = None
    timestamp: str | None = None
    group: str | None = None
    attribution: str | None = None
    id: str | None = None
    """The id of an entity."""
    label: str | None = None
    inline_label: str | None = None
    data: JSON = None
    """What the app knows of an entity."""


_SOURCES: Final = dict.fromkeys(("file", "url", "entity"), AnnotationSource)

Sources: TypeAlias = Annotated[tuple[AnnotationSource | UnknownPart, ...], known(_SOURCES)]


class Annotation(LenientModel):
    """A citation in an assistant's text."""

    type: str = ""
    """`file` or `url`; `annotation` where the source has the type."""
    source: AnnotationSource
    index: JSON = None
    """Where in the text it belongs."""


def _annotation(value: JSON) -> LenientModel:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "annotation":
        source = value.get("source")
        kind = source.get("type") if isinstance(source, dict) else None
    is_known = isinstance(kind, str) and kind in _SOURCES
    return _known(value, {value["type"]: Annotation} if is_known else {})


# -- content of messages ---------------------------------------------------------------------------


class InputText(LenientModel):
    """What the end user typed."""

    type: str = "input_text"
    text: str


class InputTag(LenientModel):
    """Something of the app that the end user put into the text: `@Order 4711`."""

    type: str = "input_tag"
    text: str
    id: str = ""
    group: str | None = None
    data: JSON = None
    """What the app knows of it."""


class QuotedText(LenientModel):
    """A part of the conversation that the end user quoted."""

    type: str = "quoted_text"
    text: str


class OutputText(LenientModel):
    """Markdown that the assistant wrote, and its citations."""

    type: str = "output_text"
    text: str
    annotations: Annotated[tuple[Annotation | UnknownPart, ...], _each(_annotation)] = ()


PARTS: Final[Mapping[str, type[LenientModel]]] = {
    "input_text": InputText,
    "input_tag": InputTag,
    "quoted_text": QuotedText,
    "output_text": OutputText,
}
"""The known content parts by their types."""

Part: TypeAlias = InputText | InputTag | QuotedText | OutputText | UnknownPart
Content: TypeAlias = tuple[Part, ...]


def read_content(bare: str) -> BeforeValidator:
    """Return a validator that reads content parts; a string is a part of the type `bare`."""
    return _each(
        lambda entry: _known(
            {"type": bare, "text": entry} if isinstance(entry, str) else entry, PARTS
        )
    )


# -- attachments and options of a user message -----------------------------------------------------


class Attachment(LenientModel):
    """A file that the end user sent; the API does not provide its content."""

    type: str = ""
    """`image` or `file`; others are unknown."""
    id: str = ""
    name: str = ""
    mime_type: str = ""
    preview_url: str | None = None


class ToolChoice(LenientModel):
    """The tool that the end user selected."""

    id: str = ""


class InferenceOptions(LenientModel):
    """The model and tool that the end user selected for a message."""

    model: str | None = None
    tool_choice: Annotated[ToolChoice | None, lenient(ToolChoice)] = None


def _text(value: JSON) -> JSON:
    """Return JSON in a string; some servers send the value instead."""
    if value is None or isinstance(value, str):
        return value
    try:
        return dump_json(value)
    except RecursionError:
        raise ValueError(TOO_DEEP_REASON) from None


JSONText: TypeAlias = Annotated[str, BeforeValidator(_text)]
