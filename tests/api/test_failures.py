"""Whatever goes wrong becomes an error of ours, one line that says what to do."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_tui import errors
from chatkit_tui.api.failures import FOREIGN, Fate, one_line
from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseTooLargeError,
)
from tests.api.scripted import KEY, SESSION, THREAD, URL, ScriptedServer, answer, client_of, refused

# -- exceptions of the HTTP library ----------------------------------------------------------------


def exceptions_of_httpx() -> list[type[Exception]]:
    """Every exception class that the library publishes."""
    return [
        value
        for value in vars(httpx).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]


def raised(kind: type[Exception]) -> Exception:
    """An exception of this class, as the library would make it."""
    request = httpx.Request("GET", URL)
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("no", request=request, response=httpx.Response(500))
    if issubclass(kind, httpx.StreamError) and kind is not httpx.StreamError:
        return kind()  # type: ignore[call-arg]  # these bring their own words
    return kind("what the library says")


@pytest.mark.parametrize("kind", exceptions_of_httpx())
def test_every_exception_of_the_library_has_a_meaning_of_its_own(kind: type[Exception]) -> None:
    assert kind in FOREIGN


@pytest.mark.parametrize("kind", exceptions_of_httpx())
async def test_no_exception_of_the_library_gets_out(kind: type[Exception]) -> None:
    async with client_of(ScriptedServer(raised(kind))) as client:
        with pytest.raises(APIError) as caught:
            await client.threads.retrieve("cthr_1")
    assert type(caught.value) is FOREIGN[kind].error
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", exceptions_of_httpx())
async def test_a_new_session_that_may_have_arrived_is_an_unknown_outcome(
    kind: type[Exception],
) -> None:
    async with client_of(ScriptedServer(raised(kind))) as client:
        with pytest.raises(APIError) as caught:
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})
    assert isinstance(caught.value, OutcomeUnknownError) is FOREIGN[kind].fate.sent


async def test_a_class_that_is_new_is_read_as_the_one_above_it() -> None:
    class StalledRead(httpx.ReadTimeout):
        pass

    async with client_of(ScriptedServer(StalledRead("slow"))) as client:
        with pytest.raises(APITimeoutError, match="no answer in time"):
            await client.threads.retrieve("cthr_1")


async def test_an_error_of_the_system_that_gets_through_is_ours_too() -> None:
    async with client_of(ScriptedServer(ConnectionResetError("reset"))) as client:
        with pytest.raises(APIConnectionError, match="the connection failed"):
            await client.threads.retrieve("cthr_1")


def caused_by(cause: Exception) -> httpx.ConnectError:
    error = httpx.ConnectError("no")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (caused_by(socket.gaierror(-2, "Name or service not known")), "could not be looked up"),
        (caused_by(ConnectionRefusedError()), "nothing listens there"),
        (
            caused_by(ExceptionGroup("both", [OSError("v6"), ConnectionRefusedError("v4")])),
            "nothing listens there",
        ),
        (caused_by(ssl.SSLCertVerificationError(1, "bad")), "certificate"),
        (httpx.ReadTimeout("slow"), "no answer in time"),
    ],
)
async def test_a_connection_that_fails_says_why_and_where(error: Exception, words: str) -> None:
    async with client_of(ScriptedServer(error)) as client:
        with pytest.raises(APIConnectionError, match=words) as caught:
            await client.threads.retrieve("cthr_1")
    assert str(caught.value).startswith(URL)


async def test_a_certificate_that_is_refused_is_not_tried_again() -> None:
    server = ScriptedServer(caused_by(ssl.SSLCertVerificationError(1, "bad")))
    async with client_of(server) as client:
        with pytest.raises(APIConnectionError):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 1


async def test_a_cancellation_without_an_answer_says_that_asking_again_is_safe() -> None:
    async with client_of(ScriptedServer(httpx.ReadTimeout("slow"))) as client:
        with pytest.raises(APITimeoutError, match=r"not known whether .* cancelled.*no harm"):
            await client.sessions.cancel("cksess_1")


def test_a_fate_says_whether_it_was_sent_and_whether_to_try_again() -> None:
    assert {fate: (fate.sent, fate.again) for fate in Fate} == {
        Fate.UNSENT: (False, True),
        Fate.UNSENDABLE: (False, False),
        Fate.LOST: (True, True),
        Fate.SPOILT: (True, False),
    }


# -- answers that say no ---------------------------------------------------------------------------


async def failure_of(response: httpx.Response, **settings: Any) -> APIStatusError:
    async with client_of(ScriptedServer(response), max_retries=0, **settings) as client:
        with pytest.raises(APIStatusError) as caught:
            await client.threads.retrieve("cthr_1")
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (304, APIStatusError),
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (402, APIStatusError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (408, APIStatusError),
        (409, errors.ConflictError),
        (422, errors.UnprocessableEntityError),
        (429, RateLimitError),
        (500, InternalServerError),
        (503, InternalServerError),
        (599, InternalServerError),
    ],
)
async def test_each_status_has_its_class_with_all_that_the_server_said(
    status: int, kind: type[APIStatusError]
) -> None:
    error = await failure_of(
        refused(
            status,
            message="That is wrong.",
            code="some_code",
            param="limit",
            headers={"x-request-id": "req_1"},
        )
    )
    assert type(error) is kind
    assert (error.status, error.code, error.param) == (status, "some_code", "limit")
    assert (error.detail, error.request_id) == ("That is wrong.", "req_1")
    assert "That is wrong." in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_says_which_key_which_project_and_where(status: int) -> None:
    error = await failure_of(refused(status), project="proj_9", organization="org-7")
    for words in ("…WXYZ", "proj_9", "org-7", URL):
        assert words in str(error)


async def test_a_refused_key_names_the_variable_to_check() -> None:
    assert "OPENAI_API_KEY" in str(await failure_of(refused(401)))


async def test_what_was_not_found_is_named() -> None:
    assert "thread cthr_1" in str(await failure_of(refused(404)))


async def test_a_rate_limit_says_how_long_to_wait() -> None:
    error = await failure_of(refused(429, headers={"retry-after": "30"}))
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 30
    assert "Wait 30 s" in str(error)


async def test_a_quota_that_is_used_up_is_not_called_haste() -> None:
    error = await failure_of(refused(429, code="insufficient_quota"))
    assert "quota" in str(error)
    assert "billing" in str(error)


async def test_a_failure_of_the_server_gives_the_request_id_to_quote() -> None:
    assert "req_7" in str(await failure_of(refused(500, headers={"x-request-id": "req_7"})))


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"error": {"message": "words"}}', "words"),
        (b'{"error": "words"}', "words"),
        (b'{"message": "words"}', "words"),
        (b'{"detail": "words"}', "words"),
        (b'{"detail": [{"msg": "words"}]}', '[{"msg": "words"}]'),
        (b'"words"', "words"),
        (b"plain words", "plain words"),
        (b"<html><body>Bad gateway</body></html>", ""),
        (b"", ""),
        (b"[[[", "[[["),
        (b'{"error": null}', ""),
        (b"\xff\xfe", "��"),
    ],
)
async def test_the_words_of_the_server_are_found_in_any_body(body: bytes, detail: str) -> None:
    assert (await failure_of(answer(status=400, body=body))).detail == detail


async def test_words_of_the_server_are_shown_on_one_line_and_visibly() -> None:
    error = await failure_of(refused(400, message="a\n\n b\x1b[31m\u202ec"))
    assert error.detail == "a b\\x1b[31m\\u202ec"


# -- answers that cannot be used -------------------------------------------------------------------


async def unusable_answer(body: bytes) -> APIResponseError:
    async with client_of(ScriptedServer(answer(body=body))) as client:
        with pytest.raises(APIResponseError) as caught:
            await client.threads.retrieve("cthr_1")
    return caught.value


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": "cthr', b"[1]", b"17", b"\xff", b"null"])
async def test_a_good_status_with_another_body_is_an_error_that_says_so(body: bytes) -> None:
    error = await unusable_answer(body)
    assert error.status == 200
    assert "is not JSON" in str(error)


async def test_the_first_two_hundred_characters_are_shown_visibly() -> None:
    error = await unusable_answer(b"<h1>\x1b[2J" + b"x" * 500)
    assert len(error.excerpt) == 200
    assert "<h1>\\x1b[2J" in str(error)
    assert "x" * 190 in str(error)
    assert "x" * 201 not in str(error)


async def test_a_list_without_a_list_is_an_error_that_says_so() -> None:
    async with client_of(ScriptedServer(answer(THREAD))) as client:
        with pytest.raises(APIResponseError, match="not JSON of the kind"):
            await client.threads.list()


async def test_a_session_that_was_made_but_cannot_be_read_is_said_to_be_made() -> None:
    body = json.dumps(SESSION).encode()[:-20]
    async with client_of(ScriptedServer(answer(body=body))) as client:
        with pytest.raises(APIResponseError, match="the session was made all the same") as caught:
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})
    assert "ek_verysecret" not in str(caught.value) + caught.value.excerpt


def test_an_answer_that_is_too_large_has_its_own_class() -> None:
    assert issubclass(ResponseTooLargeError, APIResponseError)


# -- secrets ---------------------------------------------------------------------------------------


@given(
    before=st.text(max_size=300),
    after=st.text(max_size=300),
    status=st.sampled_from([200, 401, 500]),
)
@settings(max_examples=40, deadline=None)
async def test_no_message_ever_holds_the_key(before: str, after: str, status: int) -> None:
    body = f"{before}{KEY}{after}".encode("utf-8", "replace")
    server = ScriptedServer(answer(status=status, body=body))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(APIError) as caught:
            await client.threads.retrieve("cthr_1")
    assert KEY not in str(caught.value) + repr(vars(caught.value))


async def test_a_key_that_the_server_masked_keeps_its_last_four_at_most() -> None:
    error = await failure_of(
        refused(401, message="Incorrect API key provided: sk-proj-ab****WXYZ.")
    )
    assert "sk-proj-ab" not in str(error)
    assert "WXYZ" in str(error)


async def test_a_key_that_was_given_for_an_id_is_not_repeated() -> None:
    async with client_of(ScriptedServer(refused(404))) as client:
        with pytest.raises(APIStatusError) as caught:
            await client.threads.retrieve(KEY)
    assert KEY not in str(caught.value)


async def test_an_illegal_request_does_not_carry_the_librarys_words_along() -> None:
    error = httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")
    async with client_of(ScriptedServer(error)) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(text=st.text(st.characters(exclude_categories=()), max_size=80), limit=st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_one_line_is_one_printable_line_of_at_most_so_many_characters(
    text: str, limit: int
) -> None:
    line = one_line(text, limit)
    assert line.isprintable()
    assert len(line) <= limit + 1
