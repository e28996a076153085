"""What is told of each fault, wherever it is met.

`EVERY_FAULT=1` tries each of them in each place, which takes some minutes; without it each fault
is tried in one place and each place with some faults.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

EVERY = "EVERY_FAULT" in os.environ

PATIENCE = 10.0
"""Seconds without a byte until an answer counts as lost."""
LITTLE_PATIENCE = 0.4
"""The same where no byte will come; any other answer may take its time on a busy machine."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fault of the emulator and what a person is told of it."""

    fault: str
    words: str
    """Stands in the line that tells of it, once."""
    deleted: bool = False
    """Whether a deletion is known to be done all the same."""
    code: int = 1
    """What a command leaves with."""

    @property
    def patience(self) -> float:
        """Seconds to wait for a byte."""
        return LITTLE_PATIENCE if self.fault.startswith("stall") else PATIENCE


TOLD = (
    Told("unauthorized", "Not authorized (401)", code=3),
    Told("forbidden", "Not allowed (403)", code=3),
    Told("not-found", "(404)", code=4),
    Told("bad-request", "refused (400)"),
    Told("unprocessable", "refused (422)"),
    Told("request-timeout", "The server answered 408"),
    Told("conflict", "changing it (409)"),
    Told("rate-limit", "Too many requests (429)"),
    Told("rate-limit-seconds", "Too many requests (429)"),
    Told("rate-limit-date", "Too many requests (429)"),
    Told("rate-limit-long", "Too many requests (429)"),
    Told("rate-limit-bare", "Too many requests (429)"),
    Told("rate-limit-odd", "Too many requests (429)"),
    Told("quota", "quota is used up (429)"),
    Told("server-error", "The server failed (500)"),
    Told("bad-gateway", "The server failed (502)"),
    Told("overloaded", "The server failed (503)"),
    Told("gateway-timeout", "The server failed (504)"),
    Told("retry-anyway", "refused (400)"),
    Told("retry-never", "The server failed (503)"),
    Told("reset", "broke the connection off"),
    Told("lost-answer", "broke the connection off", deleted=True),
    Told("stall", "no answer in time"),
    Told("stalled-answer", "no answer in time", deleted=True),
    Told("dropped-midway", "was cut short", deleted=True),
    Told("stall-midway", "was cut short", deleted=True),
    Told("not-json", "is a web page, not JSON"),
    Told("proxy-error", "The server failed (502)"),
    Told("empty-body", "is empty", deleted=True),
    Told("another-shape", "is not JSON of the kind that was asked for"),
    Told("cut-short", "was cut short", deleted=True),
    Told("not-utf8", "is not JSON of the kind that was asked for", deleted=True),
    Told("too-large", "is over 64 MiB"),
    Told("gzip-bomb", "is over 64 MiB"),
    Told("redirect-elsewhere", "redirect"),
    Told("redirect-loop", "redirect"),
)

LASTS = frozenset({"rate-limit-long", "quota"})
"""What is not sent again, whatever the call."""


def tried(place: int, places: int, *, at_most: int = len(TOLD)) -> Sequence[Told]:
    """The faults to try in a place, by its number; without `EVERY`, at most so many."""
    return TOLD if EVERY else TOLD[place::places][:at_most]
