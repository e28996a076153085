"""Self-hosted servers over HTTP: what is sent, and what their answers mean."""

from __future__ import annotations

import gzip
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from chatkit_tui.errors import (
    APIError,
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    ConfigError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    ReadOnlyError,
)
from chatkit_tui.secrets import Secret
from chatkit_tui.sources.base import Capability, ListQuery, Retry, SourceObserver
from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
from tests.chatkit_server.app import PATH, ChatServer
from tests.chatkit_server.connect import source_of
from tests.chatkit_server.loopback import served
from tests.chatkit_server.samples import fill
from tests.chatkit_server.stores import MemoryStore
from tests.sources.scripted import ScriptedServer, Waits, answer

TOKEN = "tok-0123456789-abcdef-WXYZ"


class Observer(SourceObserver):
    """Notes retries."""

    def __init__(self) -> None:
        self.retries: list[Retry] = []

    def on_retry(self, retry: Retry) -> None:
        self.retries.append(retry)


def server_with(threads: int = 3, **settings: Any) -> ChatServer:
    store = MemoryStore()
    fill(store, threads, 2)
    return ChatServer(store, **settings)


def scripted(*steps: Any, **settings: Any) -> tuple[ChatKitServerSource, ScriptedServer, Observer]:
    """Return a source of a server with a script, which never really waits."""
    server, observer = ScriptedServer(*steps), Observer()
    arguments = {"transport": server, "observer": observer, "sleep": Waits().sleep, **settings}
    return ChatKitServerSource("https://shop.example/chatkit", **arguments), server, observer


PAGE = {"data": [{"id": "a", "created_at": "2026-11-01T09:00:00"}], "has_more": False}


async def listed(source: ChatKitServerSource) -> list[str]:
    return [row.name for row in (await source.list_threads(ListQuery(100, "asc"))).rows]


# -- over sockets ----------------------------------------------------------------------------------


async def test_a_request_after_an_unhandled_error_meets_no_reset() -> None:
    server, observer = server_with(), Observer()
    with served(server) as address:
        source = ChatKitServerSource(address, observer=observer)
        for _ in range(5):
            with pytest.raises(NotFoundError, match="No such thread"):
                await source.get_thread("unknown")
            assert await listed(source) == ["t0", "t1", "t2"]
        await source.aclose()
    assert not observer.retries


async def test_a_redirect_to_a_trailing_slash_is_followed_with_everything() -> None:
    server = server_with(slash=True, token=TOKEN)
    with served(server) as address:
        source = ChatKitServerSource(
            address, token=Secret(TOKEN), headers={"Cookie": Secret("session=abcdefgh-12345")}
        )
        assert await listed(source) == ["t0", "t1", "t2"]
        await source.delete_thread("t1")
        assert await listed(source) == ["t0", "t2"]
        await source.aclose()
    assert server.asked_types == ["threads.list", "threads.delete", "threads.list"]
    assert server.asked[-1].headers["cookie"] == "session=abcdefgh-12345"


async def test_no_redirect_to_another_origin_is_followed() -> None:
    other, server = server_with(), server_with()
    with served(other) as elsewhere, served(server) as address:
        server.instead.append(RedirectResponse(elsewhere, 307))
        source = ChatKitServerSource(address, token=Secret(TOKEN))
        with pytest.raises(APIStatusError, match=r"redirect \(307\), which was not followed"):
            await listed(source)
        await source.aclose()
    assert not other.asked


async def test_a_wrong_token_is_refused_in_words_without_it() -> None:
    server = server_with(token=TOKEN)
    with served(server) as address:
        source = ChatKitServerSource(address, token=Secret("tok-wrong-0123456789-efgh"))
        with pytest.raises(AuthenticationError) as raised:
            await listed(source)
        await source.aclose()
    assert str(raised.value) == (
        f"Not authorized (401) at {address.partition('://')[2]} (token …efgh). "
        "Check CHATKIT_TUI_TOKEN, or token_command and headers of the profile;"
        " if a token has expired, open the profile again."
        " The server said: Who are you?"
    )


async def test_gzip_and_wrapped_answers_are_read() -> None:
    server = server_with(wrapped=True)
    body = gzip.compress(json.dumps(PAGE).encode())
    with served(server) as address:
        source = ChatKitServerSource(address)
        assert await listed(source) == ["t0", "t1", "t2"]
        assert (await source.get_thread("t1")).name == "t1"
        server.instead.append(Response(body, headers={"Content-Encoding": "gzip"}))
        assert await listed(source) == ["a"]
        await source.aclose()


# -- statuses --------------------------------------------------------------------------------------


async def test_a_web_page_is_no_answer() -> None:
    server = server_with()
    server.instead.append(HTMLResponse("<html>Sign in</html>"))
    with pytest.raises(APIResponseError, match="web page, not JSON: check the address of the"):
        await listed(source_of(server))


async def test_an_address_that_takes_no_post_is_to_be_checked() -> None:
    server = server_with()
    server.instead.append(Response(status_code=405))
    with pytest.raises(APIStatusError, match=r"answered 405\. Check the address of the server\."):
        await listed(source_of(server))


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_busy_server_is_asked_again(status: int) -> None:
    source, server, observer = scripted(answer({}, status=status), answer(PAGE))
    assert await listed(source) == ["a"]
    assert len(server.requests) == 2
    assert len(observer.retries) == 1


async def test_an_unexplained_failure_is_not_asked_again() -> None:
    source, server, observer = scripted(answer({}, status=500))
    with pytest.raises(InternalServerError, match=r"The server failed \(500\). Try again."):
        await source.list_items("t1", ListQuery())
    assert not observer.retries
    assert [json.loads(it.content)["type"] for it in server.requests] == [
        "items.list",
        "threads.list",
    ]


async def test_a_dropped_connection_is_followed_by_another_try() -> None:
    source, server, _ = scripted(httpx.ReadError("reset"), answer(PAGE))
    assert await listed(source) == ["a"]
    assert len(server.requests) == 2


async def test_a_failing_server_does_not_make_a_cursor_unknown() -> None:
    source, _, _ = scripted(answer({}, status=500))
    with pytest.raises(InternalServerError):
        await source.list_threads(ListQuery(after="a"))
    source, _, _ = scripted(answer({}, status=500), answer(PAGE))
    assert (await source.list_threads(ListQuery(after="a"))).names == ("a",)


# -- deletion --------------------------------------------------------------------------------------


async def test_read_only_lets_reading_pass_alone() -> None:
    server = server_with()
    source = source_of(server, read_only=True)
    assert await listed(source) == ["t0", "t1", "t2"]
    await source.get_thread("t1")
    with pytest.raises(ReadOnlyError):
        await source.delete_thread("t1")
    assert "threads.delete" not in server.asked_types


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (HTMLResponse("<html>Sign in</html>"), "the answer (200) is a web page"),
        (JSONResponse({"error": "locked"}), "the answer (200) holds an error"),
        (Response(status_code=500), "the server failed (500)"),
    ],
)
async def test_an_answer_that_proves_no_deletion_is_looked_up(
    response: Response, reason: str
) -> None:
    server = server_with()
    source = source_of(server)
    await listed(source)
    server.instead.append(response)
    with pytest.raises(OutcomeUnknownError) as raised:
        await source.delete_thread("t1")
    assert raised.value.reason == f"{reason}; listed when looked up"


async def test_a_refused_deletion_has_failed() -> None:
    server = server_with()
    source = source_of(server)
    server.instead.append(JSONResponse({"detail": "not yours"}, status_code=403))
    with pytest.raises(APIStatusError, match=r"\(403\).*The server said: not yours"):
        await source.delete_thread("t1")
    assert server.asked_types == ["threads.delete"]


async def test_a_deletion_whose_connection_drops_is_looked_up() -> None:
    drop, empty = httpx.ReadError("reset"), answer({"data": [], "has_more": False})
    source, _, _ = scripted(answer(PAGE), drop, answer({}, status=500), empty)
    await listed(source)
    assert (await source.delete_thread("a")).proof == "no longer in the list of threads"
    source, _, _ = scripted(answer(PAGE), drop)
    await listed(source)
    with pytest.raises(OutcomeUnknownError, match="Looking for it failed as well"):
        await source.delete_thread("a")


# -- what is sent ----------------------------------------------------------------------------------


class WithoutSDK(MutableMapping[str, str]):
    """An environment that fails for the variables of the official SDK."""

    def __init__(self, values: MutableMapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        assert not name.startswith("OPENAI_"), f"{name} was read"
        return self._values[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


async def test_nothing_of_the_hosted_api_is_read_or_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "sk-hosted-0123456789")
    monkeypatch.setattr(os, "environ", WithoutSDK(os.environ))
    server = server_with()
    with served(server) as address:
        source = ChatKitServerSource(address, token=Secret(TOKEN), headers={"X-Project-Id": "7"})
        await listed(source)
        await source.get_thread("t1")
        await source.delete_thread("t1")
        await source.aclose()
    for asked in server.asked:
        sent = " ".join([*asked.headers, *asked.headers.values()])
        assert "openai" not in sent
        assert "hosted" not in sent
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        assert asked.headers["x-project-id"] == "7"


async def test_the_address_is_used_exactly_as_it_is_written() -> None:
    source, server, _ = scripted(answer(PAGE))
    await listed(source)
    other = ChatKitServerSource("http://localhost/a/?tenant=7", transport=server)
    await listed(other)
    assert [str(it.url) for it in server.requests] == [
        "https://shop.example/chatkit",
        "http://localhost/a/?tenant=7",
    ]
    assert {it.method for it in server.requests} == {"POST"}


async def test_no_secret_is_in_the_log_or_in_an_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "s3cr3t-cookie-0123456789"
    source, _, _ = scripted(
        answer({"detail": f"bad {TOKEN} {secret}"}, status=403),
        token=Secret(TOKEN),
        headers={"Cookie": Secret(secret)},
    )
    with pytest.raises(APIStatusError) as raised:
        await listed(source)
    for text in (str(raised.value), caplog.text, repr(source._endpoint), raised.value.detail):
        assert TOKEN not in text
        assert secret not in text


async def test_the_log_names_the_subject_of_each_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    source, _, _ = scripted(answer({"data": [], "has_more": False}, status=200))
    await source.list_items("t\n1", ListQuery())
    assert "POST thread t\\n1 answered 200" in caplog.text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("shop.example/chatkit", "does not begin with https:// and a host"),
        ("https://ada:pass@shop.example/", "holds a user name"),
        ("https://shop.example/#top", "is followed by a fragment"),
        ("https://shop.example:99999/", "has a port"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ChatKitServerSource(address)


@pytest.mark.parametrize("headers", [{"X Y": "1"}, {"": "1"}, {"X-A": "a\nb"}, {"X-A": "käse"}])
def test_a_header_that_cannot_be_sent_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as raised:
        ChatKitServerSource("https://shop.example", headers=headers)
    assert "käse" not in str(raised.value)


async def test_a_user_is_filtered_by_only_where_a_header_can_name_one() -> None:
    source, server, _ = scripted(answer(PAGE))
    assert Capability.FILTER_BY_USER not in source.capabilities
    with pytest.raises(InvalidArgumentError, match="no user_header is set"):
        await source.list_threads(ListQuery(user="ada"))
    source, server, _ = scripted(answer(PAGE), user_header="X-User-Id")
    assert Capability.FILTER_BY_USER in source.capabilities
    with pytest.raises(InvalidArgumentError, match="cannot be sent in the header X-User-Id"):
        await source.list_threads(ListQuery(user="ada\r\nX-Admin: 1"))
    assert not server.requests


def test_a_source_says_where_it_is() -> None:
    source = ChatKitServerSource(f"https://shop.example:8443{PATH}", token=Secret(TOKEN))
    assert source.info.badge == "SERVER"
    assert source.info.host == "shop.example:8443"
    assert source.info.key_hint == "WXYZ"


# -- any answer ------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=5), parts),
    max_leaves=12,
)
_ROW = st.fixed_dictionaries(
    {}, optional={"id": _JSON, "created_at": _JSON, "status": _JSON, "title": _JSON}
)
_ANSWER = _JSON | st.fixed_dictionaries(
    {"data": st.lists(_ROW, max_size=5) | _JSON},
    optional={"has_more": _JSON, "after": _JSON, "response": _JSON},
)


@given(_ANSWER)
async def test_any_answer_is_a_page_or_an_error(value: Any) -> None:
    body = json.dumps(value).encode("utf-8", "surrogatepass")
    source, _, _ = scripted(answer(body=body))
    with suppress(APIError):
        await source.list_threads(ListQuery(20, "desc"))
    with suppress(APIError):
        await source.list_items("t1", ListQuery(20, "asc", "x"))
    with suppress(APIError):
        await source.get_thread("t1")


@given(st.binary(max_size=200))
async def test_any_bytes_are_a_page_or_an_error(body: bytes) -> None:
    source, _, _ = scripted(answer(body=body))
    with suppress(APIResponseError):
        await source.list_threads(ListQuery())


@pytest.mark.parametrize(
    "module", ["chatkit_tui.sources.chatkit_server.source", "chatkit_tui.sources.openai.source"]
)
def test_the_start_imports_no_more_than_a_list_needs(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    run = [sys.executable, "-c", code]
    imported = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    assert module in imported
    assert {"click", "pydantic", "rich", "textual"}.isdisjoint(imported)
