"""Which addresses become links, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_tui.text.links import LONGEST, safe_link
from tests.text.test_visible import texts


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM/Path?q=1#top", "https://example.com/Path?q=1#top"),
        ("http://example.com:8080/", "http://example.com:8080/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://example.com/größe", "https://example.com/gr%C3%B6%C3%9Fe"),
        ("https://example.com/a%20b;c", "https://example.com/a%20b;c"),
        ("mailto:help@example.com", "mailto:help@example.com"),
        ("mailto:help@example.com?subject=Hi", "mailto:help@example.com?subject=Hi"),
    ],
)
def test_a_web_or_mail_address_becomes_a_link(url: str, link: str) -> None:
    assert safe_link(url) == link


def test_a_host_in_other_letters_is_written_so_that_it_cannot_pass_for_another() -> None:
    assert safe_link("https://аррӏе.com") == "https://xn--80ak6aa92e.com"
    assert safe_link("https://bücher.example/x") == "https://xn--bcher-kva.example/x"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "/path",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vscode://open",
        "https:example.com",
        "https://",
        "https:///path",
        "https://user@example.com",
        "https://example.com:443@evil.example/",
        "https://example.com\\@evil.example",
        "https://exa mple.com",
        " https://example.com",
        "https://example.com/\x1b]8;;",
        "https://example.com/\u202e",
        "https://example.com/\u200b",
        "https://exa\u2024mple.com",
        "https://-example.com",
        "https://example..com",
        "https://example.com:99999/",
        "https://[::1",
        "https://example.com%00.evil.example",
        "mailto:",
        "mailto:nobody",
        "https://example.com/" + "x" * LONGEST,
    ],
    ids=ascii,
)
def test_anything_else_does_not(url: str) -> None:
    assert safe_link(url) is None


@given(st.one_of(texts, texts.map("https://example.com/{}".format), texts.map("http://{}".format)))
@settings(deadline=None, max_examples=100)
def test_a_link_is_printable_ascii_without_spaces(url: str) -> None:
    link = safe_link(url)
    assert link is None or (link.isascii() and link.isprintable() and " " not in link)


@given(st.one_of(texts, texts.map("https://example.com/{}".format), texts.map("http://{}".format)))
@settings(deadline=None, max_examples=100)
def test_a_link_checked_twice_stays_the_same(url: str) -> None:
    link = safe_link(url)
    assert link is None or safe_link(link) == link
