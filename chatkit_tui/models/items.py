"""Thread items: the six known types, and one for unknown types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator

from chatkit_tui.models.fields import (
    DatedModel,
    FieldError,
    LenientModel,
    lenient,
    read_fields,
)
from chatkit_tui.models.json import (
    JSON,
    TOO_DEEP_REASON,
    TOO_MUCH_REASON,
    TooMuchError,
    dump_json,
    load_json,
    mend,
)
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.raw_json import STRIDE, members, read_value

TYPE_PREFIX = "chatkit."


# -- content parts -------------------------------------------------------------------------------


class UnknownPart(LenientModel):
    """A content part, annotation or task of an unknown type, or not an object."""

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


class InputText(LenientModel):
    """What the end user typed."""

    type: str = "input_text"
    text: str


class QuotedText(LenientModel):
    """A part of the conversation that the end user quoted."""

    type: str = "quoted_text"
    text: str


class AnnotationSource(LenientModel):
    """The source of an annotation: a file or a web address."""

    type: str = ""
    """`file` or `url`; others are unknown."""
    filename: str | None = None
    url: str | None = None
    title: str | None = None


class Annotation(LenientModel):
    """A citation in an assistant's text."""

    type: str = ""
    """`file` or `url`; others are unknown."""
    source: AnnotationSource


_ANNOTATIONS: Final = dict.fromkeys(("file", "url"), Annotation)


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


def _objects(model: type[LenientModel]) -> BeforeValidator:
    """Return a validator that reads a list of objects as `model`, whatever their type."""
    return _each(lambda entry: model.read(entry) if isinstance(entry, dict) else _unknown(entry))


class OutputText(LenientModel):
    """Markdown that the assistant wrote, and its citations."""

    type: str = "output_text"
    text: str
    annotations: Annotated[
        tuple[Annotation | UnknownPart, ...], _each(lambda entry: _known(entry, _ANNOTATIONS))
    ] = ()


_PARTS: Final[Mapping[str, type[LenientModel]]] = {
    "input_text": InputText,
    "quoted_text": QuotedText,
    "output_text": OutputText,
}

Content: TypeAlias = tuple[InputText | QuotedText | OutputText | UnknownPart, ...]


def _parts(bare: str) -> BeforeValidator:
    """Return a validator that reads content parts; a string is a part of the type `bare`."""
    return _each(
        lambda entry: _known(
            {"type": bare, "text": entry} if isinstance(entry, str) else entry, _PARTS
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


# -- items -----------------------------------------------------------------------------------------


class ItemBase(DatedModel):
    """The fields of every item."""

    object: str = "chatkit.thread_item"
    thread_id: str = ""
    type: str = ""

    @property
    def kind(self) -> str:
        """The type without its prefix: `user_message`, `task`, …"""
        return self.type.removeprefix(TYPE_PREFIX)


class UserMessage(ItemBase):
    """A message of the end user."""

    content: Annotated[Content, _parts("input_text")] = ()
    attachments: Annotated[tuple[Attachment | UnknownPart, ...], _objects(Attachment)] = ()
    inference_options: Annotated[InferenceOptions | None, lenient(InferenceOptions)] = None


class AssistantMessage(ItemBase):
    """A message of the assistant."""

    content: Annotated[Content, _parts("output_text")] = ()


class WidgetItem(ItemBase):
    """A widget: the JSON of a component tree, in a string."""

    widget: JSONText = ""


class ClientToolCall(ItemBase):
    """A tool that ran in the end user's browser."""

    call_id: str = ""
    name: str = ""
    status: str = "unknown"
    """`in_progress` or `completed`; others are unknown."""
    arguments: JSONText = ""
    """JSON in a string, which may be invalid."""
    output: JSONText | None = None
    """JSON in a string; null while the call runs."""


class Task(ItemBase):
    """A step of the workflow."""

    task_type: str = "unknown"
    """`custom` or `thought`; others are unknown."""
    heading: str | None = None
    summary: str | None = None


class GroupedTask(LenientModel):
    """A step inside a task group."""

    type: str = "unknown"
    """`custom` or `thought`; others are unknown."""
    heading: str | None = None
    summary: str | None = None


class TaskGroup(ItemBase):
    """Steps of the workflow that are shown together."""

    tasks: Annotated[tuple[GroupedTask | UnknownPart, ...], _objects(GroupedTask)] = ()


class UnknownItem(ItemBase):
    """An item of an unknown type, which is shown as JSON."""

    value: JSON = None
    """The JSON value; None if it could not be parsed."""


Item: TypeAlias = (
    UserMessage | AssistantMessage | WidgetItem | ClientToolCall | Task | TaskGroup | UnknownItem
)

KNOWN_ITEMS: dict[
    str, type[UserMessage | AssistantMessage | WidgetItem | ClientToolCall | Task | TaskGroup]
] = {
    "user_message": UserMessage,
    "assistant_message": AssistantMessage,
    "widget": WidgetItem,
    "client_tool_call": ClientToolCall,
    "task": Task,
    "task_group": TaskGroup,
}


_COMMON_FIELDS = ("id", "object", "created_at", "thread_id")


def read_item(row: RawRow) -> Item:
    """Return the item in a row; see `parse_item`."""
    return parse_item(row.raw, thread_id=row.page.thread_id, zone=row.page.zone)


def parse_item(raw: bytes, *, thread_id: str = "", zone: tzinfo = UTC) -> Item:
    """Return the item of any text. Raise nothing.

    `thread_id` is that of the call, for servers that leave it out of the item. A time without a
    zone is in `zone`.
    """
    try:
        value, problems = read_fields(raw)
    except ValueError:
        return _unread(raw, thread_id)
    return _item(value, raw, thread_id, zone, value=value, problems=problems)


def read_outline(raw: bytes, *, zone: tzinfo = UTC) -> Item:
    """Return a very large item with its short fields, without delaying keys.

    Values of `STRIDE` bytes and more are omitted; `raw` is complete. Nothing is raised.
    """
    try:
        fields = {
            member.name: mend(read_value(raw, member.start, member.end))
            for member in members(raw)
            if member.end - member.start < STRIDE
        }
    except (ValueError, RecursionError):
        return UnknownItem.read({}, raw=raw)
    return _item(fields, raw, "", zone)


def _item(
    fields: dict[str, JSON],
    raw: bytes,
    thread_id: str,
    zone: tzinfo,
    *,
    value: JSON = None,
    problems: tuple[FieldError, ...] = (),
) -> Item:
    """Return the item with these fields; `value` is that of an unknown type."""
    kind = fields.get("type")
    name = kind.removeprefix(TYPE_PREFIX) if isinstance(kind, str) else ""
    if not fields.get("thread_id"):
        fields = {**fields, "thread_id": thread_id}
    if model := KNOWN_ITEMS.get(name):
        fields = {**fields, "type": TYPE_PREFIX + name}
        return model.read(fields, raw=raw, problems=problems, zone=zone)
    known = {key: entry for key, entry in fields.items() if key in _COMMON_FIELDS}
    known |= {"type": name, "value": value}
    return UnknownItem.read(known, raw=raw, problems=problems, zone=zone)


def _unread(raw: bytes, thread_id: str) -> UnknownItem:
    """Return the item of a text that is not a JSON object."""
    value: JSON = None
    problems: tuple[FieldError, ...] = ()
    try:
        value = load_json(raw)
    except TooMuchError:
        problems = (FieldError("", TOO_MUCH_REASON, None),)
    except ValueError:
        problems = (FieldError("", "not JSON", None),)
    except RecursionError:
        problems = (FieldError("", TOO_DEEP_REASON, None),)
    return UnknownItem.read({"thread_id": thread_id, "value": value}, raw=raw, problems=problems)
