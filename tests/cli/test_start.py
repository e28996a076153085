"""The start of the screen: what is drawn and requested before slow imports."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from functools import partial

import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.errors import APIConnectionError, AuthenticationError
from chatkit_tui.sources.base import ListQuery, Retry, SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OPENAI, OpenAISource
from chatkit_tui.startup.prefetch import PrefetchingSource
from tests.pty_terminal import Terminal
from tests.ui.terminal_modes import changed_modes

MakeClient = Callable[..., ChatKitClient]

TELLING = """
import os, sys
names = {"asyncio": b"<asyncio>", "textual": b"<textual>"}
names["chatkit_tui.ui.screens.browse"] = b"<screen>"
names["pydantic"] = b"<models>"
names["markdown_it.main"] = b"<markdown>"
names["textual.document._document"] = b"<unused>"
for unused in ("emulator.faults", "ui.palette", "ui.screens.pages", "ui.screens.modal"):
    names[f"chatkit_tui.{unused}"] = b"<unused>"
def heard(event, arguments):
    if event == "socket.connect":
        os.write(2, b"<asked>")
    elif event == "import" and arguments[0] in names:
        os.write(2, names[arguments[0]])
sys.addaudithook(heard)
from chatkit_tui.cli.main import run
sys.exit(run(sys.argv[1:]))
"""
"""The program, which prints what it requests and imports."""


QUERY = ListQuery(30, "desc")


class Events(SourceObserver):
    """Records all events."""

    def __init__(self) -> None:
        self.retries: list[Retry] = []
        self.reached: list[bool] = []

    def on_retry(self, retry: Retry) -> None:
        self.retries.append(retry)

    def on_reach(self, reached: bool) -> None:
        self.reached.append(reached)


def early(client: ChatKitClient) -> PrefetchingSource:
    """A source with the screen's first request in flight."""
    return PrefetchingSource(partial(OpenAISource, client, OPENAI), QUERY)


async def the_same(source: ThreadSource) -> list[str]:
    """Repeat the first request; return the ids."""
    return [entry.name for entry in (await source.list_threads(QUERY)).rows]


async def test_the_same_request_gets_the_first_response(
    make_client: MakeClient, emulator: Emulator
) -> None:
    events = Events()
    source = early(make_client()).attach(events)
    first = await the_same(source)
    assert (len(first), len(emulator.requests), events.reached) == (30, 1, [True])
    assert await the_same(source) == first
    assert (len(emulator.requests), events.reached) == (2, [True, True])


async def test_another_request_is_sent(make_client: MakeClient, emulator: Emulator) -> None:
    source = early(make_client())
    page = await source.list_threads(ListQuery(5, "asc", user="user_48213"))
    assert 0 < len(page.rows) <= 5
    assert emulator.requests[-1].query["user"] == "user_48213"
    await the_same(source)
    assert emulator.requests[-1].query["limit"] == "30"


async def test_the_first_page_is_loaded_before_a_key_is_pressed(make_client: MakeClient) -> None:
    came: list[int] = []
    source = PrefetchingSource(
        partial(OpenAISource, make_client(), OPENAI),
        ListQuery(7),
        lambda page: came.append(len(page.rows)),
    )
    await source.wait(60)
    assert came == [7]


async def test_waits_and_failures_are_passed_to_the_next_observer(
    make_client: MakeClient, emulator: Emulator
) -> None:
    events = Events()

    async def at_once(seconds: float) -> None:
        del seconds

    emulator.faults = ("rate-limit:1",)
    source = early(make_client(sleep=at_once)).attach(events)
    assert len(await the_same(source)) == 30
    assert [retry.attempt for retry in events.retries] == [1]
    emulator.faults = ("unauthorized",)
    with pytest.raises(AuthenticationError):
        await the_same(early(make_client()))


async def test_an_unused_request_ends_with_the_client(make_client: MakeClient) -> None:
    source = early(make_client())
    await source.aclose()
    with pytest.raises(APIConnectionError):
        await the_same(source)


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
@pytest.mark.parametrize(
    ("number", "codes"), [(signal.SIGTERM, {143, -signal.SIGTERM}), (signal.SIGINT, {130})]
)
def test_a_signal_before_the_screen_opens_restores_the_terminal(
    number: int, codes: set[int]
) -> None:
    with Terminal([sys.executable, "-m", "chatkit_tui", "--demo"]) as terminal:
        before = terminal.untouched
        terminal.wait_for("ChatKit")
        terminal.signal(number)
        assert terminal.exit_code() in codes
        assert terminal.attributes() == before
        assert changed_modes(b"".join(data for _, data in terminal.written)) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 50)])
def test_the_first_threads_are_drawn_before_textual_is_imported(columns: int, lines: int) -> None:
    command = [sys.executable, "-c", TELLING, "--demo"]
    with Terminal(command, columns=columns, rows=lines) as terminal:
        terminal.wait_for("<textual>")
        early = terminal.screen()
        terminal.wait_for("<markdown>")  # while nobody does anything
        written = b"".join(data for _, data in terminal.written)
        assert "Flight TP 576" in early[2]
        assert "Flight TP 576" in terminal.screen()[2]
    assert (
        written.index(b"Flight TP 576") < written.index(b"<textual>") < written.index(b"<models>")
    )
    assert b"<unused>" not in written
    assert written.count(b"Flight TP 576") == 1
    assert written.count(b"\x1b[?1049h") == 1
    assert written.count(b"\x1b[J") == 2  # the outline's own


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
def test_keys_that_come_before_the_screen_are_for_the_screen() -> None:
    with Terminal([sys.executable, "-m", "chatkit_tui", "--demo"]) as terminal:
        before = terminal.untouched
        terminal.wait_for("ChatKit")
        terminal.send("jj\x1a\r")
        terminal.wait_stopped()
        assert terminal.attributes() == before
        terminal.signal(signal.SIGCONT)
        terminal.wait_until(lambda screen: "“test”" in screen[1] and "1/" in screen[-2])
        terminal.send("q")
        assert terminal.exit_code() == 0
        assert terminal.attributes() == before
        written = b"".join(data for _, data in terminal.written)
    assert b"jj" not in written
    assert changed_modes(written) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
@pytest.mark.parametrize("options", [(), ("--server", "http://127.0.0.1:9/chatkit")])
def test_the_splash_is_first_and_the_request_is_sent_during_the_imports(
    options: tuple[str, ...],
) -> None:
    environment = {"OPENAI_API_KEY": DEMO_KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    command = [sys.executable, "-c", TELLING, *options]
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for("OFFLINE")
        written = b"".join(data for _, data in terminal.written)
    assert written.index(b"ChatKit") < written.index(b"<asyncio>")
    assert written.index(b"ChatKit") < written.index(b"<textual>")
    assert written.index(b"<asked>") < written.index(b"<screen>")
    if b"<models>" in written:
        assert written.index(b"<screen>") < written.index(b"<models>")
