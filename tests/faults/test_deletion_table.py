"""Each way of answering a deletion, in the screen and in the command, with the journal's words.

All ways are met in one deletion of many threads: each thread has a server of its own kind.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from textual.content import Content

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.faults import Switches
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.base import Outcome
from chatkit_tui.sources.http import transport
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog
from chatkit_tui.ui.widgets.option_rows import OptionRows
from tests.cli.conftest import Command
from tests.faults.test_screen import screen
from tests.ui.test_delete_dialog import thread_ids

DELETED, FAILED, UNKNOWN = Outcome.DELETED, Outcome.FAILED, Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Way:
    """A way of answering, and what becomes of a deletion that is answered so."""

    name: str
    faults: tuple[str, ...]
    outcome: Outcome
    reason: str = ""
    """The journal's words."""
    listed: bool = False
    """Whether the server still has the thread afterwards."""


def unproved(name: str, fault: str, reason: str) -> Way:
    """A way after which the thread is there, and nothing says that it will stay."""
    faults = tuple(f"{part}@DELETE" for part in fault.split())
    return Way(name, faults, UNKNOWN, f"{reason}; still there when looked up", listed=True)


def refused(name: str, fault: str, reason: str) -> Way:
    """A way after which the thread is there because the server said no."""
    faults = tuple(f"{part}@DELETE" for part in fault.split())
    return Way(name, faults, FAILED, reason, listed=True)


def found_gone(name: str, fault: str) -> Way:
    """A way that proves nothing while the thread is gone."""
    return Way(name, (f"{fault}@DELETE",), DELETED, "not found (404) when looked up")


def gone_on_retry(name: str, fault: str) -> Way:
    """A way in which the second try finds nothing."""
    reason = "not found (404) after a try of unknown outcome"
    return Way(name, (f"{fault}@DELETE",), DELETED, reason)


NO_BODY = "the answer had no body"
PAGE = "the answer (200) is a web page, not JSON"
NOT_JSON = "the answer (200) is not JSON of the kind that was asked for"
WAYS = (
    Way("the API's answer", (), DELETED),
    Way("another object", ("delete-renamed-object",), DELETED),
    Way("204", ("empty-delete-body",), DELETED, NO_BODY),
    Way("200 without a body", ("empty-body@DELETE",), DELETED, NO_BODY, listed=True),
    Way("proof, then silence", ("stall-after-proof",), DELETED),
    Way("proof, then a trickle", ("stall-in-spaces",), DELETED),
    Way("proof, then a drop", ("dropped-after-proof",), DELETED),
    unproved("a web page", "not-json", PAGE),
    refused("deleted: false", "delete-denied", "the answer (200) says that it was not deleted"),
    unproved(
        "deleted: false after 500",
        "server-error:1 delete-denied",
        "the answer (200) says that it was not deleted",
    ),
    unproved("another id", "delete-another-id", "the answer (200) names another thread"),
    unproved("an error object", "delete-error-object", "the answer (200) holds an error"),
    unproved("202", "delete-accepted", "the server only accepted the request (202)"),
    unproved("another shape", "another-shape", NOT_JSON),
    found_gone("202, done", "odd-delete-body"),
    found_gone("an empty object, done", "delete-empty-object"),
    found_gone("half of the JSON, done", "cut-short"),
    found_gone("half of the body, done", "dropped-midway"),
    found_gone("UTF-16, done", "not-utf8"),
    found_gone("no answer, done", "lost-answer"),
    refused("404", "not-found", "404 not_found"),
    refused("404 after 409", "conflict:1 not-found", "404 not_found"),
    refused("404 after 429", "rate-limit:1 not-found", "404 not_found"),
    refused("a gateway's 404", "gateway-404", "404"),
    unproved("a gateway's 404 after 500", "server-error:1 gateway-404", "the server answered 404"),
    unproved("its JSON after 500", "server-error:1 gateway-json-404", "the server answered 404"),
    gone_on_retry("404 after 500", "delete-then-404"),
    gone_on_retry("404 after a lost answer", "lost-answer:1"),
    unproved("408", "request-timeout", "the server answered 408"),
    unproved("500", "server-error", "the server failed (500)"),
    unproved("a gateway's 502", "proxy-error", "the server failed (502)"),
    unproved("503, never again", "retry-never", "the server failed (503)"),
    unproved("a drop", "reset", "the server broke the connection off"),
    unproved("429 after 500", "server-error:1 rate-limit-bare", "too many requests (429)"),
    refused("400", "bad-request", "400 invalid_request"),
    refused("409", "conflict", "409 conflict"),
    refused("422", "unprocessable", "422 unprocessable"),
    refused("429", "rate-limit-bare", "429 rate_limit_exceeded"),
    refused("429, never again", "quota", "429 insufficient_quota"),
    refused("a redirect", "redirect-elsewhere", "307"),
    Way(
        "500 to everything",
        ("server-error",),
        UNKNOWN,
        "the server failed (500); could not be looked up",
        listed=True,
    ),
    Way(
        "500, then a gateway's 404 to everything",
        ("server-error:1", "gateway-404"),
        UNKNOWN,
        "the server answered 404; could not be looked up",
        listed=True,
    ),
    Way(
        "a web page to everything",
        ("not-json",),
        UNKNOWN,
        f"{PAGE}; could not be looked up",
        listed=True,
    ),
)
STALLING = (
    unproved("silence", "stall", "no answer in time"),
    gone_on_retry("404 after silence", "stalled-answer:1"),
    found_gone("silence, done", "stalled-answer"),
)
SIGNS = {DELETED: "✓", FAILED: "✗", UNKNOWN: "?"}


class ManyFaced(Emulator):
    """An API with faults of its own for each thread."""

    def __init__(self, ways: Sequence[Way]) -> None:
        super().__init__()
        self.way_of = {self.thread_id(-1 - number): way for number, way in enumerate(ways)}
        self._faults_of = {name: Switches(way.faults) for name, way in self.way_of.items()}

    async def _handle(self, request: Request) -> Response:
        endpoint: Callable[[Request], Awaitable[Response]] = super()._handle
        if (faults := self._faults_of.get(request.target)) is None:
            return await endpoint(request)
        return await faults.apply(request, endpoint)

    @property
    def expected(self) -> dict[str, tuple[str, str]]:
        """Outcome and reason of each thread."""
        return {name: (way.outcome.value, way.reason) for name, way in self.way_of.items()}

    @property
    def left(self) -> list[str]:
        """The threads among them that the server still has."""
        return [name for name, way in self.way_of.items() if way.listed]


@pytest.fixture(params=[WAYS, STALLING], ids=["answers", "silence"])
def emulator(request: pytest.FixtureRequest) -> ManyFaced:
    return ManyFaced(request.param)


@pytest.fixture
def patience(emulator: ManyFaced, monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds to wait for a byte; few where none will come, as behind a proof."""
    monkeypatch.setattr(transport, "BODY_WITHIN", 0.2)
    return 0.25 if STALLING[0] in emulator.way_of.values() else 10


def journal() -> dict[str, tuple[str, str]]:
    """Result and reason of each thread, as they stand in the file."""
    text = DeletionJournal(JournalAccount("")).path.read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    return {
        row["thread"]: (row["result"], row["reason"]) for row in rows if row["record"] == "answered"
    }


@pytest.mark.slow
async def test_the_screen_says_of_each_what_the_server_proved(
    emulator: ManyFaced, address: str, patience: float
) -> None:
    expected = emulator.expected
    async with screen(address, patience) as driver:
        await driver.press(*["space"] * len(expected), "D", "y")
        dialog = driver.app.screen
        assert isinstance(dialog, DeleteDialog)
        rows = dialog.query_one("#subject", OptionRows)
        for number, (name, (outcome, _)) in enumerate(expected.items()):
            prompt = rows.get_option_at_index(number).prompt
            assert isinstance(prompt, Content)
            way = emulator.way_of[name]
            assert prompt.plain.startswith(f"{SIGNS[way.outcome]} {outcome} "), way.name
            assert len(prompt.plain.splitlines()) == 3 + (way.outcome is not DELETED), way.name
        await driver.press("escape")
        kept = [name for name, way in emulator.way_of.items() if way.outcome is not DELETED]
        assert [name for name in expected if name in thread_ids(driver)] == kept
        assert driver.marked() == kept
        assert f"{len(expected) - len(kept)} deleted, {len(kept)} not deleted" in driver.status
        await driver.press("g", "r")
        assert [name for name in expected if name in thread_ids(driver)] == emulator.left
    assert journal() == expected


def test_the_command_says_of_each_what_the_server_proved(
    emulator: ManyFaced,
    address: str,
    chatkit: Command,
    patience: float,
    quick: Mapping[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(quick, "timeout", patience)
    expected = emulator.expected
    ended = chatkit("threads", "delete", "--yes", "--json", *expected)
    assert ended.code == (1 if emulator.left else 0)
    rows = [json.loads(line) for line in ended.output.splitlines()]
    assert {row["id"]: row["result"] for row in rows} == {
        name: outcome for name, (outcome, _) in expected.items()
    }
    for row in rows:
        assert list(row) == ["id", "result", "reason", "request_id"]
        assert bool(row["reason"]) == (row["result"] != "deleted")
    assert journal() == expected
    past = [
        json.loads(line) for line in chatkit("threads", "deletions", "--json").output.splitlines()
    ]
    assert {row["id"]: (row["result"], row["reason"]) for row in past} == expected
    assert [row["request_id"] for row in past] == [row["request_id"] for row in rows]
    assert {(row["host"], row["profile"]) for row in past} == {(address.split("/")[2], None)}
    assert all(row["time"].endswith("Z") for row in past)


@pytest.fixture
def quick() -> Iterator[Mapping[str, object]]:
    """The defaults of the client's settings, under which no retry waits."""

    async def sleep(seconds: float) -> None:
        del seconds

    defaults = ChatKitClient.__init__.__kwdefaults__
    assert defaults is not None
    before = dict(defaults)
    defaults.update(sleep=sleep, max_retries=1)
    yield defaults
    defaults.update(before)
