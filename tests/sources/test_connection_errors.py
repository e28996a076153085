"""Every failure becomes an error of the program, on one line with the next step."""

from __future__ import annotations

import json
import socket
import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APITimeoutError,
    InvalidArgumentError,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from chatkit_tui.sources.http.connection_errors import ERROR_MAPPINGS, DeliveryState, truncated_line
from tests.sources.scripted import KEY, SESSION, THREAD, URL, ScriptedServer, answer, client_of

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
def test_every_exception_of_the_library_has_a_mapping(kind: type[Exception]) -> None:
    assert kind in ERROR_MAPPINGS


@pytest.mark.parametrize("kind", exceptions_of_httpx())
async def test_no_exception_of_the_library_reaches_the_caller(kind: type[Exception]) -> None:
    async with client_of(ScriptedServer(raised(kind))) as client:
        with pytest.raises(APIError) as caught:
            await client.threads.retrieve("cthr_1")
    assert type(caught.value) is ERROR_MAPPINGS[kind].error
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", exceptions_of_httpx())
async def test_a_new_session_that_may_have_arrived_is_an_unknown_outcome(
    kind: type[Exception],
) -> None:
    async with client_of(ScriptedServer(raised(kind))) as client:
        with pytest.raises(APIError) as caught:
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})
    assert isinstance(caught.value, OutcomeUnknownError) is ERROR_MAPPINGS[kind].delivery.sent


async def test_an_unknown_class_has_the_mapping_of_its_base_class() -> None:
    class StalledRead(httpx.ReadTimeout):
        pass

    async with client_of(ScriptedServer(StalledRead("slow"))) as client:
        with pytest.raises(APITimeoutError, match="no answer in time"):
            await client.threads.retrieve("cthr_1")


async def test_an_error_of_the_system_is_translated_as_well() -> None:
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
async def test_a_failed_connection_is_reported_with_reason_and_place(
    error: Exception, words: str
) -> None:
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


async def test_after_a_cancellation_without_a_response_a_repetition_is_called_safe() -> None:
    async with client_of(ScriptedServer(httpx.ReadTimeout("slow"))) as client:
        with pytest.raises(APITimeoutError, match=r"not known whether .* cancelled.*no harm"):
            await client.sessions.cancel("cksess_1")


def test_each_delivery_state_tells_sent_from_unsent_and_whether_to_retry() -> None:
    assert {delivery: (delivery.sent, delivery.again) for delivery in DeliveryState} == {
        DeliveryState.UNSENT: (False, True),
        DeliveryState.UNSENDABLE: (False, False),
        DeliveryState.LOST: (True, True),
        DeliveryState.SPOILT: (True, False),
    }


# -- answers that cannot be used -------------------------------------------------------------------


async def unusable_answer(body: bytes) -> APIResponseError:
    async with client_of(ScriptedServer(answer(body=body))) as client:
        with pytest.raises(APIResponseError) as caught:
            await client.threads.retrieve("cthr_1")
    return caught.value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b" \n<!doctype html>", "is a web page, not JSON"),
        (b'{"id": "cthr', "was cut short"),
        (b"[1]", "is not JSON of the kind"),
        (b"17", "is not JSON of the kind"),
        (b"\xff", "is not JSON of the kind"),
        (b"null", "is not JSON of the kind"),
        (b"{]}", "is not JSON of the kind"),
    ],
)
async def test_a_2xx_status_with_another_body_is_an_error(body: bytes, words: str) -> None:
    error = await unusable_answer(body)
    assert error.status == 200
    assert words in str(error)


async def test_the_first_two_hundred_characters_are_shown_visibly() -> None:
    error = await unusable_answer(b"<h1>\x1b[2J" + b"x" * 500)
    assert len(error.excerpt) == 200
    assert "<h1>\\x1b[2J" in str(error)
    assert "x" * 190 in str(error)
    assert "x" * 201 not in str(error)


async def test_a_list_response_without_a_list_is_an_error() -> None:
    async with client_of(ScriptedServer(answer(THREAD))) as client:
        with pytest.raises(APIResponseError, match="not JSON of the kind"):
            await client.threads.list()


async def test_a_session_that_was_made_but_cannot_be_read_is_said_to_be_made() -> None:
    body = json.dumps(SESSION).encode()[:-20]
    async with client_of(ScriptedServer(answer(body=body))) as client:
        with pytest.raises(APIResponseError, match="the session was made all the same") as caught:
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})
    assert "ek_verysecret" not in str(caught.value) + caught.value.excerpt


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b"fine"])
async def test_a_good_status_that_anybody_could_have_given_proves_no_session(body: bytes) -> None:
    async with client_of(ScriptedServer(answer(body=body))) as client:
        with pytest.raises(APIResponseError) as caught:
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})
    assert "not known whether the session was made; it was not sent again" in str(caught.value)
    assert "Create another if need be" in str(caught.value)


async def test_the_sign_in_page_of_a_network_is_reported() -> None:
    assert "sign in to the network" in str(await unusable_answer(b"<html>Sign in</html>"))


def test_an_answer_that_is_too_large_has_its_own_class() -> None:
    assert issubclass(ResponseTooLargeError, APIResponseError)


# -- secrets ---------------------------------------------------------------------------------------


@given(
    before=st.text(max_size=300),
    after=st.text(max_size=300),
    status=st.sampled_from([200, 401, 500]),
)
async def test_no_message_ever_holds_the_key(before: str, after: str, status: int) -> None:
    body = f"{before}{KEY}{after}".encode("utf-8", "replace")
    server = ScriptedServer(answer(status=status, body=body))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(APIError) as caught:
            await client.threads.retrieve("cthr_1")
    assert KEY not in str(caught.value) + repr(vars(caught.value))


async def test_a_key_that_was_given_for_an_id_is_neither_sent_nor_repeated() -> None:
    server = ScriptedServer(answer(THREAD))
    async with client_of(server) as client:
        with pytest.raises(InvalidArgumentError, match="nothing was sent") as caught:
            await client.threads.retrieve(KEY)
    assert KEY not in str(caught.value)
    assert server.requests == []


async def test_an_illegal_request_does_not_carry_the_librarys_words_along() -> None:
    error = httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")
    async with client_of(ScriptedServer(error)) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(text=st.text(st.characters(exclude_categories=()), max_size=80), limit=st.integers(1, 40))
def test_one_line_is_one_printable_line_of_at_most_so_many_characters(
    text: str, limit: int
) -> None:
    line = truncated_line(text, limit)
    assert line.isprintable()
    assert len(line) <= limit + 1
