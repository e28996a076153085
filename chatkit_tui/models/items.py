"""Thread items of the known types, and one model for unknown types.

The hosted API and self-hosted servers spell some fields in different ways; both are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, model_validator

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
from chatkit_tui.models.parts import (
    Attachment,
    Content,
    InferenceOptions,
    JSONText,
    UnknownPart,
    objects,
    read_content,
)
from chatkit_tui.models.raw_json import STRIDE, members, read_value
from chatkit_tui.models.structured_input import Questions
from chatkit_tui.models.tasks import GroupedTask, Workflow

TYPE_PREFIX = "chatkit."


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

    content: Annotated[Content, read_content("input_text")] = ()
    quoted_text: str | None = None
    """What the message quotes, on servers where that is not part of the content."""
    attachments: Annotated[tuple[Attachment | UnknownPart, ...], objects(Attachment)] = ()
    inference_options: Annotated[InferenceOptions | None, lenient(InferenceOptions)] = None


class AssistantMessage(ItemBase):
    """A message of the assistant."""

    content: Annotated[Content, read_content("output_text")] = ()


class WidgetItem(ItemBase):
    """A widget: the JSON of a component tree, in a string."""

    widget: JSONText = ""
    copy_text: str | None = None
    """What copying the widget gave the end user."""


def _call_status(value: JSON) -> JSON:
    """Return the status of a call; self-hosted servers call a running one pending."""
    return "in_progress" if value == "pending" else value


class ClientToolCall(ItemBase):
    """A tool that ran in the end user's browser."""

    call_id: str = ""
    name: str = ""
    status: Annotated[str, BeforeValidator(_call_status)] = "unknown"
    """`in_progress` or `completed`; others are unknown."""
    arguments: JSONText = ""
    """JSON in a string, which may be invalid."""
    output: JSONText | None = None
    """JSON in a string; null while the call runs."""

    @model_validator(mode="before")
    @classmethod
    def _read_output(cls, fields: JSON) -> JSON:
        """If the arguments are not JSON in a string, an output that is a string is not JSON
        either."""
        if isinstance(fields, dict) and isinstance(fields.get("arguments"), dict):
            output = fields.get("output")
            if isinstance(output, str):
                return {**fields, "output": dump_json(output)}
        return fields


class Task(ItemBase):
    """A step of the workflow."""

    task_type: str = "unknown"
    """As of a `GroupedTask`."""
    heading: str | None = None
    summary: str | None = None
    task: Annotated[GroupedTask | None, lenient(GroupedTask)] = None
    """The step as self-hosted servers nest it, instead of the fields above."""

    @property
    def step(self) -> GroupedTask:
        """The step in either spelling."""
        fields = {"type": self.task_type, "heading": self.heading, "summary": self.summary}
        return self.task or GroupedTask.model_validate(fields)


class TaskGroup(ItemBase):
    """Steps of the workflow that are shown together."""

    tasks: Annotated[tuple[GroupedTask | UnknownPart, ...], objects(GroupedTask)] = ()
    workflow: Annotated[Workflow | None, lenient(Workflow)] = None
    """The steps as self-hosted servers nest them, instead of `tasks`."""

    @property
    def steps(self) -> tuple[GroupedTask | UnknownPart, ...]:
        """The steps in either spelling."""
        return self.workflow.tasks if self.workflow else self.tasks


class GeneratedImage(LenientModel):
    """An image that the assistant made."""

    id: str = ""
    url: str = ""


class GeneratedImageItem(ItemBase):
    """An image that the assistant made or is making."""

    image: Annotated[GeneratedImage | None, lenient(GeneratedImage)] = None
    """None until it is there."""


class StructuredInputItem(ItemBase):
    """Questions to the end user."""

    status: str = "unknown"
    """`pending`, `answered` or `skipped`; others are unknown."""
    inputs: Questions = ()


class EndOfTurn(ItemBase):
    """The end of a turn of the assistant."""


class HiddenContext(ItemBase):
    """What a server keeps for its model and does not send to end users."""

    content: JSON = None


class UnknownItem(ItemBase):
    """An item of an unknown type, which is shown as JSON."""

    value: JSON = None
    """The JSON value; None if it could not be parsed."""


KnownItem: TypeAlias = (
    UserMessage
    | AssistantMessage
    | WidgetItem
    | ClientToolCall
    | Task
    | TaskGroup
    | GeneratedImageItem
    | StructuredInputItem
    | EndOfTurn
    | HiddenContext
)
Item: TypeAlias = KnownItem | UnknownItem

KNOWN_ITEMS: Final[Mapping[str, type[KnownItem]]] = {
    "user_message": UserMessage,
    "assistant_message": AssistantMessage,
    "widget": WidgetItem,
    "client_tool_call": ClientToolCall,
    "task": Task,
    "task_group": TaskGroup,
    "workflow": TaskGroup,
    "generated_image": GeneratedImageItem,
    "structured_input": StructuredInputItem,
    "end_of_turn": EndOfTurn,
    "hidden_context_item": HiddenContext,
    "sdk_hidden_context": HiddenContext,
}
"""The types without their prefix: those of the hosted API, and of self-hosted servers."""


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
