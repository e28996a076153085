"""The stage at work: painting on the app's event loop, as the terminal keeps up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from threading import Event, get_ident
from typing import Final

from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.flow_control import FlowControl, Multiplexer
from chatkit_tui.terminal.renderer import Renderer
from chatkit_tui.terminal.styles import Styles

SWITCH: Final = "CHATKIT_TUI_STAGE"
"""The environment variable that switches the stage off (`off`), for a terminal that minds it."""
LAST_ANSWER: Final = 2.0
"""Seconds to wait at most for an answer that is due when the terminal is given back."""

_ERASE_IN_COLOUR: Final = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "iterm",
    "konsole",
    "linux",
    "mintty",
    "rxvt",
    "st-",
    "tmux",
    "vte",
    "wezterm",
    "xterm",
)
"""How the names of terminals begin whose erased cells have the background that is set. GNU screen
is not among them, and `screen` is also what old versions of tmux call themselves."""


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the screen goes through a stage."""
    return environment.get(SWITCH, "").lower() not in ("off", "0")


class LiveRenderer:
    """A stage that paints each frame that the app writes, as soon as the terminal keeps up.

    Everything but `write` and `answered` happens on the thread of the event loop.
    """

    def __init__(
        self,
        send: Callable[[str], None],
        environment: Mapping[str, str],
        heard: Callable[[float], None] | None = None,
        slow: Callable[[], bool] | None = None,
    ) -> None:
        """`send` writes to the terminal; `environment` says which terminal it is.

        `heard` is told of each answer, how many seconds it took; `slow` says whether the line is
        to be spared.
        """
        self._heard = heard
        self._slow = slow
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._next: asyncio.Handle | None = None
        self._open = False
        self._has_picture = False
        """Whether there ever was one."""
        self._answer_came = Event()
        self._shown: Callable[[float], None] | None = None
        """What to call when the terminal shows what was drawn when this was asked for."""
        self._since = 0.0
        """The time before which no question counts."""
        self._question: int | None = None
        """The number of the question that was sent behind it; None before."""
        self._pace = FlowControl(Multiplexer.of(environment))
        name = environment.get("TERM", "")
        self._stage = Renderer(
            send,
            size=(0, 0),
            erases_in_colour=name.startswith(_ERASE_IN_COLOUR),
            pace=self._pace,
        )

    @property
    def round_trip(self) -> float | None:
        """Seconds from here to the terminal and back, at best; None while that is not known."""
        return self._pace.round_trip

    @property
    def expects_answers(self) -> bool:
        """Whether the terminal owes an answer, be it one that was given up."""
        return self._pace.is_waiting or self._pace.is_mute or self._pace.is_owed

    @property
    def acknowledges(self) -> bool:
        """Whether the terminal answers questions, and not something on this side of it."""
        return self._pace.acknowledges(self._loop.time())

    @property
    def has_lost_answer(self) -> bool:
        """Whether an answer of the terminal got lost."""
        return self._pace.is_lost(self._loop.time())

    @property
    def is_behind(self) -> bool:
        """Whether something that was drawn was not sent yet."""
        return self._next is not None

    @property
    def free_at(self) -> float:
        """When the connection has carried what was sent, as far as that can be guessed."""
        return self._pace.free_at(self._loop.time())

    def write(self, written: str, size: tuple[int, int]) -> None:
        """Take in what the toolkit writes for a terminal of so many columns and rows."""
        if get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self.write, written, size)
            return
        self._stage.resize(*size)
        has_picture = self._stage.write(written)
        self._has_picture |= has_picture
        if not self._has_picture:
            return  # what stands there was put there for as long as there is none
        if not self._open or isinstance(self._next, asyncio.TimerHandle):
            return  # what waits for the terminal to keep up is painted with what came meanwhile
        if has_picture:
            self._paint()  # a key is waiting for it
        elif self._next is None:  # perhaps the terminal is just being set up
            self._next = self._loop.call_soon(self._paint)

    def when_shown(
        self, shown: Callable[[float], None] | None, since: float = 0.0, *, lost: bool = False
    ) -> None:
        """Call `shown` with the time of the answer to a question behind all that is drawn by now.

        The question was sent at `since` or later, in seconds of the loop's clock. Nothing is
        called if no answer comes, nor for an earlier request; None withdraws that. With `lost`,
        answers that are still owed are taken for lost.
        """
        self._shown, self._since, self._question = shown, since, None
        if lost:
            self._pace.forget_owed()
        if self._open and shown is not None:
            self._paint()

    def repaint(self) -> None:
        """Send the whole screen again."""
        self._stage.repaint()
        if self._open:
            self._paint()

    def answered(self, at: float) -> None:
        """The terminal answered; on any thread.

        `at` is when the answer was read: the loop may be busy, and that is not the line's fault.
        """
        self._answer_came.set()
        self._loop.call_soon_threadsafe(self._take_answer, at)

    def begin(self) -> None:
        """The terminal is the program's from now on."""
        self._open = True
        self._pace.begin()
        self._stage.repaint()

    def stands(self, grid: CellBuffer, styles: Styles) -> None:
        """The terminal shows this already, for as long as nothing else is drawn."""
        self._stage.stands(grid, styles)

    def end(self) -> None:
        """The terminal is about to be another's: nothing is painted or asked any more.

        Waits for an answer that is due, `LAST_ANSWER` at most: else the shell would take it for
        something that was typed.
        """
        self._cancel()
        self._open = False
        if left := self._pace.left(self._loop.time()):
            self._answer_came.wait(min(left, LAST_ANSWER))
        self._answer_came.clear()
        self._pace.begin()

    def _take_answer(self, at: float) -> None:
        self._answer_came.clear()
        took = self._pace.answered(at)
        if took is not None and self._heard is not None:
            self._heard(took)
        self._end_wait(at)
        if self._open:
            self._paint()

    def _paint(self) -> None:
        self._cancel()
        self._pace.slow = self._slow is not None and self._slow()
        ask = self._since if self._shown is not None and self._question is None else None
        delay = self._stage.paint(self._loop.time(), ask=ask)
        if delay:
            self._next = self._loop.call_later(delay, self._paint)
        elif ask is not None and self._pace.is_asked(ask):
            self._question = self._pace.asked
            self._end_wait(self._loop.time())

    def _end_wait(self, at: float) -> None:
        """Say that the terminal shows what was to be shown, if the answer to that is there."""
        if self._question is not None and self._pace.answers >= self._question:
            shown, self._shown, self._question = self._shown, None, None
            if shown is not None and self.acknowledges:
                shown(at)

    def _cancel(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
