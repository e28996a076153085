"""Refusals that are not about the key or the id: by a gateway on the way, or for an address."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chatkit_tui.sources.http.response import RawResponse

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


def cause_beside_key(answer: RawResponse, code: str | None, detail: str) -> Cause | None:
    """Return the cause of a 401, 403 or 404 that is neither the key nor the id, or None.

    `code` and `detail` are what the error object of the API said.
    """
    if answer.status not in (401, 403, 404):
        return None
    if is_web_page(answer):
        return _gateway(answer)
    if answer.status == 404:
        return None
    if code in _REGION_CODES or (answer.status == 403 and _REGION.search(detail)):
        return Cause(
            "Not available in the country or region of this network address",
            "The key is not the cause. Try from another network.",
        )
    if code in _ADDRESS_CODES or _ADDRESS.search(detail):
        return Cause(
            "Not allowed from this network address",
            "The key is not the cause. Use an allowed network, or have the address allowed.",
        )
    return None


def is_web_page(answer: RawResponse) -> bool:
    """Return whether an answer is HTML, which the API itself never sends."""
    kind = answer.headers.get("content-type", "").lower()
    start = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return "html" in kind or start.startswith(b"<")


def _gateway(answer: RawResponse) -> Cause:
    named = "cloudflare" in answer.headers.get("server", "").lower() or bool(
        answer.headers.get("cf-ray")
    )
    who = "Cloudflare" if named else "A gateway"
    if answer.status == 404:
        return Cause(
            f"{who} answered with a web page: not found",
            "The address is not the API's. Check the base URL.",
        )
    if answer.status == 401:
        return Cause(
            f"{who} in front of the API wants a sign-in",
            "The key is not the cause. Sign in to the network or VPN, or check the base URL.",
        )
    elsewhere = "" if named else ", or check the base URL and the VPN"
    return Cause(
        f"{who} in front of the API blocked the request",
        f"The key is not the cause. Try from another network{elsewhere}.",
    )
