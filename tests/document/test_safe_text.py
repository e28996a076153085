"""Untrusted text becomes spans: symbols with their own style, addresses as links."""

from __future__ import annotations

import pytest
from hypothesis import given

from chatkit_tui.document.safe_text import HIDDEN, safe_spans
from chatkit_tui.document.spans import PLAIN, Line, Span, Style, UntrustedSpan, address
from chatkit_tui.text.sanitize import Untrusted, sanitize
from tests.text.test_sanitize import texts

BOLD = Style(bold=True)


def shown(text: str, style: Style = PLAIN) -> Line:
    return safe_spans((UntrustedSpan(Untrusted(text), style),))


def shown_with_links(text: str) -> Line:
    return safe_spans((UntrustedSpan(Untrusted(text), links="inside"),))


def test_clean_text_is_one_span() -> None:
    assert shown("Grüße", BOLD) == (Span("Grüße", BOLD),)


def test_no_text_is_no_span() -> None:
    assert shown("") == shown_with_links("") == ()


def test_a_symbol_has_its_own_style() -> None:
    assert shown("a\x1bb", BOLD) == (Span("a", BOLD), Span("␛", HIDDEN), Span("b", BOLD))


@given(texts)
def test_the_spans_add_up_to_the_sanitized_text(text: str) -> None:
    for make in (shown, shown_with_links):
        assert "".join(span.text for span in make(text)) == sanitize(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/x_(y), or", "https://a.example/x_(y)"),
        ("<https://a.example>", "https://a.example"),
        ("HTTP://A.example/?q=1&r=2#top!", "HTTP://A.example/?q=1&r=2#top"),
    ],
)
def test_an_address_in_a_text_is_a_link(text: str, address: str) -> None:
    (link,) = [span for span in shown_with_links(text) if span.style.link]
    assert link.text == address
    assert link.style.role == "link"


@pytest.mark.parametrize(
    "text", ["ftp://a.example", "https://user@a.example", "https://", "a://b", "https://\x1b"]
)
def test_what_is_not_safe_is_no_link(text: str) -> None:
    assert not any(span.style.link for span in shown_with_links(text))


def test_an_address_in_another_script_is_shown_in_punycode() -> None:
    spans = shown_with_links("see https://аррӏе.com/größe now")
    assert [span.text for span in spans] == ["see ", "https://xn--80ak6aa92e.com/größe", " now"]
    (span,) = safe_spans((address("https://аррӏе.com"),))
    assert span.text == "https://xn--80ak6aa92e.com"
