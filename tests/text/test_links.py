"""Which addresses become links, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.text.links import LONGEST, address_words, safe_link
from tests.text.test_sanitize import texts


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
        ("mailto:a@b\u00fccher.example", "mailto:a@xn--bcher-kva.example"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com"),
        ("https://example.com/@evil.example", "https://example.com/@evil.example"),
        ("https://example.com?@evil.example", "https://example.com?@evil.example"),
    ],
)
def test_a_web_or_mail_address_becomes_a_link(url: str, link: str) -> None:
    assert safe_link(url) == link


def test_a_host_in_another_script_is_written_in_punycode() -> None:
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
        "https://[::%[:'\u0580:]",
        "https://[fe80::1%eth0]/",
        "https://bank.example[::1]/",
        "https://[::1]bank.example/",
        "https://example.com%00.evil.example",
        "https://ex%61mple.com",
        "https://bank.example@evil.example",
        "https://bank.example:443:80/",
        "https://bank.example:pass@evil.example/",
        "https://bank.example%40evil.example",
        "https://bank.example\uff20evil.example",
        "https://bank.example\u2044evil.example",
        "https://bank.example\uff0fevil.example",
        "https://bank.example\u2215evil.example",
        "https://bank.example\uff1a443.evil.example",
        "https://bank.example\u3002evil.example\uff0fx",
        "https://bank.example..",
        "https://.example",
        "mailto:a@evil.example/x@b",
        "mailto:a@b c.example",
        "mailto:",
        "mailto:nobody",
        "https://example.com/" + "x" * LONGEST,
    ],
    ids=ascii,
)
def test_anything_else_is_no_link(url: str) -> None:
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://аррӏе.com", "https://xn--80ak6aa92e.com"),
        ("https://аррӏе.com:8080/größe?ä#ö", "https://xn--80ak6aa92e.com:8080/größe?ä#ö"),
        ("https://b\u0430nk.example/x", "https://xn--bnk-6cd.example/x"),
        ("HTTPS://BÜCHER.example", "HTTPS://xn--bcher-kva.example"),
        ("mailto:jörg@bücher.example?x=ä", "mailto:jörg@xn--bcher-kva.example?x=ä"),
        ("https://Example.com/größe", "https://example.com/größe"),
        ("https://Example.com/x", "https://Example.com/x"),
        ("https://аррӏе.com@evil.example", "https://аррӏе.com@evil.example"),
    ],
)
def test_an_address_is_written_with_its_host_in_punycode(url: str, words: str) -> None:
    assert address_words(url) == words
    if safe_link(url):
        assert safe_link(words) == safe_link(url)


@given(st.one_of(texts, texts.map("https://example.com/{}".format), texts.map("http://{}".format)))
def test_a_link_is_printable_ascii_without_spaces(url: str) -> None:
    link = safe_link(url)
    assert link is None or (link.isascii() and link.isprintable() and " " not in link)


@given(st.one_of(texts, texts.map("https://example.com/{}".format), texts.map("http://{}".format)))
def test_a_link_checked_twice_stays_the_same(url: str) -> None:
    link = safe_link(url)
    assert link is None or safe_link(link) == link


@pytest.mark.parametrize("letters", range(328, 334))
def test_an_address_that_is_too_long_in_ascii_is_no_link(letters: int) -> None:
    link = safe_link("https://example.com/" + "é" * letters)
    assert link is None or len(link) <= LONGEST
