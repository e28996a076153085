"""Responses that are not 2xx, turned into the program's own errors.

A message is one line that a terminal of 80 columns shows in two where it can: what happened, to
what, where and with which key, then what to do next.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from chatkit_tui.errors import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnprocessableEntityError,
)
from chatkit_tui.models.json import load_json
from chatkit_tui.secrets import redact
from chatkit_tui.sources.http.connection_errors import (
    ConnectionFailure,
    fault_of_transfer,
    truncated_line,
    unknown_outcome,
)
from chatkit_tui.sources.http.endpoint import Endpoint, Wording, check_advice
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.sources.http.retry import should_retry

LONGEST_DETAIL: Final = 500
"""Characters of the server's own words that are kept."""

_LONGEST_READ: Final = 64 * 1024
"""Characters of them that are looked through for secrets."""
LARGEST_DETAIL_BODY: Final = 256 * 1024
"""Bytes of a refusal that are looked at."""

_KINDS: Final[dict[int, type[APIStatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}

_HEADLINES: Final = {
    400: "The request was refused (400).",
    401: "Not authorized (401) at {place}. {if_unauthorized}",
    403: "Not allowed (403) at {place}. {if_forbidden}",
    404: "Not found (404): {subject} at {place}. {if_missing}",
    409: "Something else is changing it (409): {subject}.{later}",
    410: "No longer there (410): {subject} at {place}. {if_missing}",
    422: "The request was refused (422).",
    423: "Locked (423): {subject} at {place}. Have the lock removed first.",
    429: "Too many requests (429).{later}",
    451: "Blocked for legal reasons (451): {subject} at {place}. Ask the operator of the server.",
}
"""What happened and what to do; `later` is when to try again."""

_WORD: Final = re.compile(r"[^\W_]+")

_SAYS_NOTHING: Final = frozenset(
    _WORD.findall(
        "a an and another be been by can changing could did does error exist exists failed for "
        "found had handled has here id in internal is it name no not nothing object of on or "
        "please processing refused request requested resource s server something sorry such t "
        "that the there this to try again unknown was were while with you your"
    )
)
"""Words that say no more than a status does."""

_SAYS_NOTHING_OF_A_KEY: Final = frozenset(
    _WORD.findall(
        "access api authentication authorised authorized credentials didn incorrect invalid key "
        "keys provide provided unauthorized"
    )
)
"""Words that say no more than 401 does."""


def status_error(
    answer: RawResponse, request: Request, endpoint: Endpoint, *, retry_after: float | None = None
) -> APIStatusError:
    """Return the error of a response that is not 2xx.

    `retry_after` is the wait that it requests, in seconds. The server's own text is in the message
    if it says more than the message does.
    """
    status = answer.status
    said = _error_object(answer.body)
    detail = truncated_line(redact(said.message[:_LONGEST_READ]), LONGEST_DETAIL)
    default = InternalServerError if status >= 500 else APIStatusError
    rest = f" The server said: {detail}" if _says_more(detail, status, request) else ""
    if answer.proxy and "json" not in answer.headers.get("content-type", "").lower():
        rest = f" The response may come from {answer.proxy}, not from the server.{rest}"
    if status >= 500 and answer.request_id:
        rest += f" (request {truncated_line(answer.request_id, 100)})"
    wait = f"Wait {_duration(retry_after)}" if retry_after else ""
    message = _headline(answer, said.code, detail, request, endpoint, wait or "Try again")
    untimed = _headline(answer, said.code, detail, request, endpoint, "") if wait else ""
    return _KINDS.get(status, default)(
        message + rest,
        status=status,
        code=said.code and redact(said.code),
        param=said.param and redact(said.param),
        detail=detail,
        request_id=answer.request_id,
        retry_after=retry_after,
        untimed=untimed and untimed + rest,
        from_api=is_from_api(answer),
    )


def is_from_api(answer: RawResponse) -> bool:
    """Return whether a response has the API's own error object, about the requested object.

    The object is an `error` with a message and a type. A gateway or a proxy in front of the API
    sends a page, or JSON of another form. A path that is unknown to the API, as with a wrong base
    URL, proves nothing about a thread either.
    """
    try:
        value = load_json(answer.body)
    except (ValueError, RecursionError):
        return False
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("type"), str):
        return False
    message = error.get("message")
    of_a_path = error.get("code") == "unknown_url" or str(message).startswith("Invalid URL")
    return isinstance(message, str) and not of_a_path


def may_have_worked(result: RawResponse | ConnectionFailure, request: Request) -> bool:
    """Return whether a try of `request` may have had its effect without saying so.

    Return False if it only reads. A 2xx answer that is not needed is for the caller to judge.
    """
    if not request.effect:
        return False
    if isinstance(result, ConnectionFailure):
        return result.delivery.sent
    if result.ok:
        return request.answer_needed and bool(fault_of_transfer(result))
    if result.status != 408 and result.status < 500:
        return False
    # A server that asks for what must not be done twice (`x-should-retry`) has not done it.
    return request.repeatable or not should_retry(result.status, result.headers, repeatable=False)


def _headline(
    answer: RawResponse,
    code: str | None,
    detail: str,
    request: Request,
    endpoint: Endpoint,
    wait: str,
) -> str:
    """Return what happened and what to do.

    `wait` is what to do where time helps: `Wait 40 s`, `Try again`, or empty for neither.
    """
    status = answer.status
    later = wait and f" {wait}{', then try again' if wait.startswith('Wait') else ''}."
    if cause := cause_beside_key(answer, code, detail, endpoint.wording):
        return f"{cause.words} ({status}) at {endpoint.place}. {cause.advice}"
    if status == 429 and code == "insufficient_quota":
        return f"The quota is used up (429) at {endpoint.place}. Look at its plan and billing."
    if status in _HEADLINES:
        return _HEADLINES[status].format(
            subject=truncated_line(redact(request.subject), 120),
            place=endpoint.place,
            if_missing=request.if_missing,
            later=later,
            if_unauthorized=endpoint.wording.if_unauthorized,
            if_forbidden=endpoint.wording.if_forbidden,
        )
    if 300 <= status < 400:
        credential = endpoint.wording.credential
        return (
            f"{endpoint.base_url} answers with a redirect ({status}), which was not followed, so "
            f"that the {credential} stays where it belongs. {check_advice(endpoint)}"
        )
    return _unexplained(answer, request, endpoint, wait, later)


def _unexplained(
    answer: RawResponse, request: Request, endpoint: Endpoint, wait: str, later: str
) -> str:
    status = answer.status
    happened = (
        f"The server failed ({status})." if status >= 500 else f"The server answered {status}."
    )
    if not request.repeatable and may_have_worked(answer, request):
        first = f" {wait} first." if wait.startswith("Wait") else ""
        return f"{happened} {unknown_outcome(request)}{first}"
    if 400 <= status < 500 and not should_retry(status, answer.headers, repeatable=True):
        return f"{happened} {check_advice(endpoint)}"
    return f"{happened}{later}"


def _says_more(detail: str, status: int, request: Request) -> bool:
    """Return whether the server's text has a word that neither status nor request has."""
    known = _SAYS_NOTHING | set(_WORD.findall(request.subject.casefold()))
    if status == 401:
        known |= _SAYS_NOTHING_OF_A_KEY
    if detail.startswith("Incorrect API key provided"):  # the API's own, with an address for keys
        return False
    return any(word not in known for word in _WORD.findall(detail.casefold()))


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{max(1, round(seconds))} s"
    minutes = -(-seconds // 60)
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{-(-seconds // 3600):.0f} hours"


class _Said(NamedTuple):
    message: str
    code: str | None = None
    param: str | None = None


def _error_object(body: bytes) -> _Said:
    """Return what the body says, whether it is the API's error object or anything else."""
    text = body[:LARGEST_DETAIL_BODY].decode("utf-8", "replace").strip()
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return _Said("" if text[:1] == "<" else text)  # the HTML of a proxy
    error = value.get("error", value) if isinstance(value, dict) else value
    if isinstance(error, dict):
        words = next(
            (error[name] for name in ("message", "detail", "error") if error.get(name)), ""
        )
        return _Said(
            words if isinstance(words, str) else json.dumps(words, ensure_ascii=False),
            _text_or_none(error.get("code")),
            _text_or_none(error.get("param")),
        )
    if error is None:
        return _Said("")
    return _Said(error if isinstance(error, str) else text)


def _text_or_none(value: object) -> str | None:
    return None if value is None else truncated_line(str(value), 200)


# -- causes other than the key and the id ----------------------------------------------------------

_REGION: Final = re.compile(r"\b(country|region|territory)\b", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"\bIP\b.*\b(allow|authori[sz]ed|permitted|block|ban)|\bip[ _-]?(allow|white)[ _-]?list",
    re.IGNORECASE,
)
_REGION_CODES: Final = ("unsupported_country_region_territory",)
_ADDRESS_CODES: Final = ("ip_not_authorized", "ip_not_allowed", "ip_address_not_allowed")


class Cause(NamedTuple):
    """Why a request was refused, and what to do about it."""

    words: str
    advice: str


def cause_beside_key(
    answer: RawResponse, code: str | None, detail: str, wording: Wording
) -> Cause | None:
    """Return the cause of a 401, 403 or 404 that is neither the key nor the id, or None.

    `code` and `detail` are what the error object of the API said.
    """
    if answer.status not in (401, 403, 404):
        return None
    if is_web_page(answer):
        return _gateway(answer, wording)
    if answer.status == 404:
        return None
    not_the_key = f"The {wording.credential} is not the cause."
    if code in _REGION_CODES or (answer.status == 403 and _REGION.search(detail)):
        return Cause(
            "Not available in the country or region of this network address",
            f"{not_the_key} Try from another network.",
        )
    if code in _ADDRESS_CODES or _ADDRESS.search(detail):
        return Cause(
            "Not allowed from this network address",
            f"{not_the_key} Use an allowed network, or have the address allowed.",
        )
    return None


def is_web_page(answer: RawResponse) -> bool:
    """Return whether an answer is HTML, which the API itself never sends."""
    kind = answer.headers.get("content-type", "").lower()
    start = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "html" in kind or start.startswith(b"<")


def _gateway(answer: RawResponse, wording: Wording) -> Cause:
    address, not_the_key = wording.address, f"The {wording.credential} is not the cause."
    named = "cloudflare" in answer.headers.get("server", "").lower() or bool(
        answer.headers.get("cf-ray")
    )
    who = "Cloudflare" if named else "A gateway"
    if answer.status == 404:
        return Cause(
            f"{who} answered with a web page: not found",
            f"The address is not the API's. Check the {address}.",
        )
    if answer.status == 401:
        return Cause(
            f"{who} in front of the API wants a sign-in",
            f"{not_the_key} Sign in to the network or VPN, or check the {address}.",
        )
    elsewhere = "" if named else f", or check the {address} and the VPN"
    return Cause(
        f"{who} in front of the API blocked the request",
        f"{not_the_key} Try from another network{elsewhere}.",
    )
