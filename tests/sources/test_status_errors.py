"""Responses that are not 2xx: the message names what failed, where, and the next step."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from chatkit_tui import errors
from chatkit_tui.errors import APIStatusError, InternalServerError, NotFoundError, RateLimitError
from tests.sources.scripted import ScriptedServer, answer, client_of, refused


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
async def test_each_status_has_its_class_with_the_fields_of_the_error_object(
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


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (405, "The server answered 405. Check the base URL."),
        (410, "No longer there (410): thread cthr_1 at "),
        (423, "Locked (423): thread cthr_1 at "),
        (451, "Blocked for legal reasons (451): thread cthr_1 at "),
    ],
)
async def test_a_permanent_error_of_a_deletion_names_the_next_step(
    status: int, message: str
) -> None:
    async with client_of(ScriptedServer(refused(status, message="No.")), max_retries=0) as client:
        with pytest.raises(APIStatusError) as caught:
            await client.threads.delete("cthr_1")
    assert str(caught.value).startswith(message)
    assert "ry again" not in str(caught.value)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_error_names_key_project_and_address(status: int) -> None:
    error = await failure_of(refused(status), project="proj_9", organization="org-7")
    assert "api.example.test/v1 (key …WXYZ, organization org-7, project proj_9)" in str(error)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_error_omits_unset_settings(status: int) -> None:
    assert "api.example.test/v1 (key …WXYZ)." in str(await failure_of(refused(status)))


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
async def test_an_error_fits_on_two_lines_of_a_terminal(status: int) -> None:
    server = ScriptedServer(refused(status, headers={"retry-after": "300"}))
    async with client_of(server, base_url="https://api.openai.com/v1") as client:
        with pytest.raises(APIStatusError) as caught:
            await client.threads.retrieve("cthr_" + "0" * 48)
    assert len(f"chatkit-tui: {caught.value}") <= 160


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Incorrect API key provided: sk-p****WXYZ. You can find yours at https://a.test."),
        (401, "You didn't provide an API key."),
        (404, "No thread found with id 'cthr_1'."),
        (404, "Thread cthr_1 not found."),
        (500, "The server had an error while processing your request. Sorry!"),
    ],
)
async def test_text_of_the_server_without_information_is_omitted(status: int, message: str) -> None:
    error = await failure_of(refused(status, message=message))
    assert "The server said" not in str(error)
    assert error.detail


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "This API key has been revoked."),
        (404, "The project does not exist."),
        (404, "No thread found with id 'cthr_2'."),
        (500, "The model is overloaded."),
    ],
)
async def test_text_of_the_server_with_information_is_quoted(status: int, message: str) -> None:
    assert f"The server said: {message}" in str(await failure_of(refused(status, message=message)))


async def test_a_refused_key_names_the_variable_to_check() -> None:
    assert "OPENAI_API_KEY" in str(await failure_of(refused(401)))


async def test_an_error_names_what_was_not_found() -> None:
    assert "thread cthr_1" in str(await failure_of(refused(404)))


async def test_a_missing_list_advises_to_check_the_address() -> None:
    async with client_of(ScriptedServer(refused(404))) as client:
        with pytest.raises(NotFoundError, match=r"list of threads at .*Check the base URL\."):
            await client.threads.list()


async def test_a_missing_workflow_is_named() -> None:
    async with client_of(ScriptedServer(refused(404))) as client:
        with pytest.raises(NotFoundError, match=r"workflow wf_9 at .*Check the workflow's id"):
            await client.sessions.create(user="ada", workflow={"id": "wf_9"})


async def test_the_error_of_a_rate_limit_states_the_wait() -> None:
    error = await failure_of(refused(429, headers={"retry-after": "30"}))
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 30
    assert "Wait 30 s" in str(error)


async def test_an_exhausted_quota_is_not_reported_as_a_rate_limit() -> None:
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
async def test_the_text_of_the_server_is_found_in_any_body(body: bytes, detail: str) -> None:
    assert (await failure_of(answer(status=400, body=body))).detail == detail


async def test_text_of_the_server_is_shown_on_one_line_and_escaped() -> None:
    error = await failure_of(refused(400, message="a\n\n b\x1b[31m\u202ec"))
    assert error.detail == "a b\\x1b[31m\\u202ec"


async def test_a_key_that_the_server_masked_keeps_its_last_four_at_most() -> None:
    error = await failure_of(
        refused(401, message="Incorrect API key provided: sk-proj-ab****WXYZ.")
    )
    assert "sk-proj-ab" not in str(error)
    assert "WXYZ" in str(error)


PAGE = b"<!DOCTYPE html><html><title>Attention Required!</title></html>"
HTML = {"content-type": "text/html; charset=UTF-8"}
CLOUDFLARE = {**HTML, "server": "cloudflare", "cf-ray": "8f1a"}


@pytest.mark.parametrize("status", [401, 403, 404])
@pytest.mark.parametrize("headers", [HTML, CLOUDFLARE, {}])
async def test_a_web_page_of_a_gateway_is_not_about_the_key_or_the_id(
    status: int, headers: dict[str, str]
) -> None:
    error = await failure_of(answer(status=status, body=b"\n" + PAGE, headers=headers))
    assert error.status == status
    assert f"({status})" in str(error)
    assert ("Cloudflare" if headers is CLOUDFLARE else "A gateway") in str(error)
    for advice in ("Check OPENAI_API_KEY", "Ask for a key", "Check the id", "<"):
        assert advice not in str(error)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (
            403,
            {
                "code": "unsupported_country_region_territory",
                "message": "Country, region, or territory not supported",
            },
            "Not available in the country or region of this network address (403)",
        ),
        (403, {"message": "This region is not supported."}, "Not available in the country"),
        (
            401,
            {"code": "ip_not_authorized", "message": "Your IP is not authorized."},
            "Not allowed from this network address (401)",
        ),
        (
            403,
            {"message": "Your IP address 192.0.2.1 is not allowed to use this project."},
            "Not allowed from this network address (403)",
        ),
        (403, {"message": "The IP allowlist does not match."}, "Not allowed from this network"),
    ],
)
async def test_a_rejected_region_or_address_does_not_blame_the_key(
    status: int, error: dict[str, Any], words: str
) -> None:
    told = str(await failure_of(refused(status, **error)))
    assert words in told
    assert "Ask for a key" not in told
    assert "Check OPENAI_API_KEY" not in told


@pytest.mark.parametrize("message", ["You may not use this equipment.", "Tip: not allowed", "No"])
async def test_other_rejections_are_about_the_key(message: str) -> None:
    assert "Ask for a key that may use ChatKit" in str(
        await failure_of(refused(403, message=message))
    )


async def test_a_very_long_requested_delay_is_reported_as_a_day() -> None:
    error = await failure_of(refused(429, headers={"retry-after": "1e300"}))
    assert "Wait 24 hours" in str(error)
    assert error.retry_after == 86_400
