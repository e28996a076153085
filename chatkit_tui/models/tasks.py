"""Steps of a workflow, alone or in a group.

The hosted API calls their texts heading and summary, self-hosted servers title and content.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from chatkit_tui.models.fields import LenientModel, lenient
from chatkit_tui.models.json import JSON
from chatkit_tui.models.parts import Sources, UnknownPart, objects


def _texts(value: JSON) -> JSON:
    return [] if value is None else value


class GroupedTask(LenientModel):
    """A step of a workflow."""

    type: str = "unknown"
    """`custom`, `thought`, `web_search`, `file` or `image`; others are unknown."""
    heading: str | None = Field(default=None, validation_alias=AliasChoices("heading", "title"))
    summary: str | None = Field(default=None, validation_alias=AliasChoices("summary", "content"))
    status_indicator: str = "none"
    """`none`, `loading` or `complete`; others are unknown."""
    title_query: str | None = None
    """The query that the heading is about."""
    queries: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    """What was searched for."""
    sources: Sources = ()
    """What was found or read."""


class WorkflowSummary(LenientModel):
    """A summary of the whole workflow."""

    title: str | None = None
    duration: float | None = None
    """Seconds."""


class Workflow(LenientModel):
    """The steps of a workflow as self-hosted servers nest them."""

    type: str = ""
    """`custom` or `reasoning`; others are unknown."""
    tasks: Annotated[tuple[GroupedTask | UnknownPart, ...], objects(GroupedTask)] = ()
    summary: Annotated[WorkflowSummary | None, lenient(WorkflowSummary)] = None
