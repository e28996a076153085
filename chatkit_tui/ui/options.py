"""What the screen is started with, settled before it starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_tui.sources.base import Capability, SourceInfo

if TYPE_CHECKING:
    from chatkit_tui.deletion.journal import DeletionJournal


class Times(StrEnum):
    """How times are written."""

    RELATIVE = "relative"
    LOCAL = "local"
    UTC = "utc"


class Copy(StrEnum):
    """Which way copied texts go."""

    AUTO = "auto"
    """By a program of this machine where somebody sits at it, else by the terminal."""
    OSC52 = "osc52"
    NATIVE = "native"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that the screen needs to know and cannot ask the server."""

    source: SourceInfo = SourceInfo("")  # noqa: RUF009 - immutable
    """How the source of threads is presented."""
    capabilities: frozenset[Capability] = frozenset(Capability)
    """What the source offers."""
    project: str = ""
    """Project or profile, as the header names it; empty for the key's own."""
    read_only: bool = False
    plain: bool = False
    """Signs of ASCII alone."""
    slow: bool | None = None
    """Whether the line to the terminal is slow (see `slow_line`); None to find out."""
    copy: Copy = Copy.AUTO
    mouse: bool = True
    """Whether the program has the mouse; else the terminal selects with it."""
    dark: bool = True
    times: Times = Times.RELATIVE
    zone: tzinfo | None = UTC
    """The zone of local times; None for the machine's."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command ids and the keys that replace theirs, separated by commas."""
    user: str | None = None
    """Only the threads of this user, to begin with."""
    target: str | None = None
    """A thread id, item id or address to open at once."""
    notes: tuple[str, ...] = ()
    """What is to be said at the start, such as what is wrong in the configuration file."""
    audit: DeletionJournal | None = None
    """The record of what is deleted; None for the one in the platform's folder."""
    clock: Callable[[], float] = time.time
    """Unix seconds."""
