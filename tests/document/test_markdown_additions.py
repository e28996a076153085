"""What chat models write beyond CommonMark: formulas, HTML, footnotes, alerts, citations."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.from_markdown import LONGEST, markdown_blocks
from chatkit_tui.document.spans import line_text
from chatkit_tui.render.items import hidden_characters, item_words
from chatkit_tui.render.layout import arrange, lay_out
from chatkit_tui.text.width import cells
from tests.render.drawing import frame, style_of
from tests.render.examples import body, item


def draw(text: str, width: int = 60) -> str:
    lines = frame(markdown_blocks(text), width).split("\n")
    return "\n".join(map(str.rstrip, lines))


def plain(text: str, width: int = 60) -> str:
    lines = arrange(markdown_blocks(text), width, plain=True).lines
    return "\n".join(map(line_text, lines))


# -- formulas --------------------------------------------------------------------------------------

FORMULAS = [
    r"\(a_1 * b_2 * c\)",
    r"\( x \in \{1, 2\} \)",
    r"$E = mc^2$",
    r"$\{a_1\}$",
    r"$a*b*c$",
    r"$x_1$",
]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("form", ["{}", "so {} is", "- {}", "> {} 5", "**see {}**", "# {}", "{} 5"])
def test_a_formula_is_kept_as_it_is_written(formula: str, form: str) -> None:
    assert formula in draw(form.format(formula))
    style = style_of(markdown_blocks(form.format(formula)), formula)
    assert style.role == "code"


def test_a_formula_in_a_cell_is_kept() -> None:
    assert r"\(a*b*c\)" in draw("|a|\n|-|\n|\\(a*b*c\\)|")


@pytest.mark.parametrize(
    "formula",
    [
        "$$\na &= b \\\\\n- c * d * e\n> 0\n$$",
        "\\[\n\\{a_1\\}\n+ b\n\n= c\n\\]",
        "$$ x^* $$",
        "\\[ x^* \\]",
        "\\begin{align*}\na &= b \\\\\n- c\n\\end{align*}",
    ],
)
def test_a_displayed_formula_is_kept_line_by_line(formula: str) -> None:
    drawn = "\n".join(f"  {line}".rstrip() for line in formula.split("\n"))
    assert draw(formula) == drawn
    assert draw(f"before\n{formula}\nafter *it*") == f"before\n\n{drawn}\n\nafter it"
    indented = formula.replace("\n", "\n  ")
    listed = "\n".join(f"  {line}".rstrip() for line in drawn.split("\n"))
    assert draw(f"- one\n  {indented}\n- two").startswith("• one\n")
    for line in listed.split("\n"):
        assert line.strip() in draw(f"- one\n\n  {indented}\n- two")


def test_a_displayed_formula_inside_a_sentence_has_a_line() -> None:
    assert draw(r"As \[ x * y * z \], so $$a*b*c$$ holds.") == (
        "As\n\\[ x * y * z \\],\nso\n$$a*b*c$$\nholds."
    )
    assert draw(r"\[ x \] is known") == "\\[ x \\]\nis known"


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "$5 and 10$ are too much",
        "US$5 (AU$7) or $1,200.50, $3k or $4k",
        "$5-$10 each",
        "from $5 to 7$ or so",
        "$ a $",
        "a $",
        "$",
        "$$",
        r"\[ never closed",
        r"$x never closed",
        "$$\nnever\n\nclosed",
    ],
)
def test_money_and_lone_signs_are_text(text: str) -> None:
    blocks = markdown_blocks(text)
    signs = re.sub(r"[\\\s]", "", text)
    assert re.sub(r"\s", "", frame(blocks, 60)) == signs
    assert all(span.style.role == "text" for line in lay_out(blocks, 60) for span in line)


def test_emphasis_between_prices_is_emphasis() -> None:
    assert draw("$5 *or* $10, $5 and *not* 10$") == "$5 or $10, $5 and not 10$"


def test_text_after_a_formula_and_outside_its_list_is_kept() -> None:
    assert "after" in draw("\\[ a\nb \\] after")
    assert draw("- \\[ a\n\nout \\]") == "• [ a\n\nout ]"
    assert draw("> $$ a\n\nout $$") == "│ $$ a\n\nout $$"


# -- HTML ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("<b>a</b> <i>b</i> <u>c</u> <kbd>d</kbd> <em>e</em>", "a b c d e"),
        ("H<sub>2</sub>O x<sup>2</sup> y<sup>n</sup>", "H₂O x² yn"),
        ("List<b> and <i>", "List<b> and <i>"),
        ("</b>a<b>", "</b>a<b>"),
        ("<span>x</span> <b class='x'>y</b>", "<span>x</span> <b class='x'>y</b>"),
        ("<div><b>a *b* c</b></div>", "<div>a *b* c</div>"),
        ("`<b>x</b>`", "<b>x</b>"),
    ],
)
def test_tags_of_emphasis_and_breaks_are_understood(text: str, shown: str) -> None:
    assert draw(text) == shown


def test_tags_have_the_style_of_their_emphasis() -> None:
    blocks = markdown_blocks("<b>bold</b> <i>italic</i> <u>under</u> <kbd>key</kbd> <s>gone</s>")
    assert style_of(blocks, "bold").bold
    assert style_of(blocks, "italic").italic
    assert style_of(blocks, "under").underline
    assert style_of(blocks, "key").role == "code"
    assert style_of(blocks, "gone").strike


def test_a_break_in_a_cell_is_a_line() -> None:
    assert draw("|a|b|\n|-|-|\n|1<br>2|3|") == "a │ b\n──┼──\n1 │ 3\n2 │"


def test_raised_digits_are_ascii_in_plain_output() -> None:
    assert plain("x<sup>2</sup> H<sub>2</sub>O") == "x^2 H2O"


def test_details_are_a_summary_and_what_it_holds() -> None:
    text = (
        "<details>\n<summary>Show <b>all</b></summary>\n\nHidden *body*\n\n- a\n\n</details>\n\nend"
    )
    assert draw(text) == "▸ Show all\n  Hidden body\n\n  • a\n\nend"
    assert plain(text).startswith("> Show all\n")
    assert style_of(markdown_blocks(text), "Show").bold


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<details>\n<b>x</b>\n</details>", "▸ details\n  x"),
        ("<details><summary>A</summary>b</details>c", "▸ A\n  b\n\nc"),
        ("<details>\n<summary>A</summary>\n\nnever closed", "▸ A\n  never closed"),
        ("- <details>\n  <summary>A</summary>\n\n  b\n- c", "• ▸ A\n    b\n\n• c"),
        ("a\n\n</details>\n\nb", "a\n\nb"),
        ("<summary>A</summary>", "▸ A"),
        (
            "<details><summary>A</summary>\n\n<details><summary>B</summary>\n\nb\n\n</details>\n\n"
            "a\n\n</details>",
            "▸ A\n  ▸ B\n    b\n\n  a",
        ),
    ],
)
def test_details_of_any_form_are_shown(text: str, shown: str) -> None:
    assert draw(text) == shown


# -- headings, strikethrough, notes, definitions, alerts, code -------------------------------------


def test_headings_of_three_levels_look_different() -> None:
    styles = [style_of(markdown_blocks(f"{'#' * level} a"), "a") for level in (1, 2, 3)]
    assert len(set(styles)) == 3
    assert all(style.bold for style in styles)


def test_plain_output_keeps_the_marks_of_headings() -> None:
    assert plain("# a\n\n### b\n\nc") == "# a\n\n### b\n\nc"
    assert draw("# a") == "a"


def test_struck_text_keeps_its_marks() -> None:
    assert draw("~~$50~~ $40") == "~~$50~~ $40"


def test_a_footnote_has_its_label_at_both_places() -> None:
    text = "A claim[^1] and *another*[^long].\n\n[^1]: First.\n[^long]: Second\n\n    in two parts."
    assert draw(text) == (
        "A claim[1] and another[long].\n\n[1] First.\n\n[long] Second\n\n       in two parts."
    )
    assert draw("not a note[^x]") == "not a note[^x]"


def test_definitions_are_below_their_term() -> None:
    assert draw("Term\n: One\n: Two\n\nNext *one*\n~ Three") == (
        "Term\n  One\n  Two\n\nNext one\n~ Three"
    )
    assert style_of(markdown_blocks("Term\n: One"), "Term").bold


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_an_alert_has_its_kind_on_the_first_line(kind: str) -> None:
    assert draw(f"> [!{kind}]\n> Mind the *gap*.") == f"│ {kind}\n│ Mind the gap."
    assert draw(f"> [!{kind}]\n>\n> Mind.") == f"│ {kind}\n│\n│ Mind."
    assert style_of(markdown_blocks(f"> [!{kind}]\n> x"), kind).bold


def test_code_is_folded_after_a_space_with_a_mark() -> None:
    text = "```\n    value = compute(first=1, second=2)\nnospace" + "x" * 40 + "\n```"
    assert draw(text, 32) == (
        "      value = compute(first=1,\n  ↪ second=2)\n"
        "  nospacexxxxxxxxxxxxxxxxxxxxxxx\n  ↪ xxxxxxxxxxxxxxxxx"
    )
    assert "> second" in plain(text, 32)


# -- citations and addresses that hold their content -----------------------------------------------

CITED = "\ue200cite\ue202turn0search1\ue202turn0search4\ue201"


def test_a_citation_between_private_characters_is_read() -> None:
    assert draw(f"Rain{CITED}, *then* sun.") == ("Rain[cite turn0search1 turn0search4], then sun.")
    assert draw("a\ue200b") == "a⟨U+E200⟩b"


def test_a_citation_is_no_hidden_character() -> None:
    said = item("assistant_message", content=[{"type": "output_text", "text": f"Rain{CITED}."}])
    assert hidden_characters(said) == 0
    assert "[cite turn0search1" in item_words(said)
    spoof = item("assistant_message", content=[{"type": "output_text", "text": "Rain\ue200."}])
    assert hidden_characters(spoof) == 1


PICTURE = "data:image/png;base64," + "A" * 20_000


@pytest.mark.parametrize(
    "text", [f"![x]({PICTURE})", f"[x]({PICTURE})", f"see {PICTURE} there", f"<{PICTURE}>"]
)
def test_a_data_address_is_its_type_and_size(text: str) -> None:
    drawn = draw(text)
    assert "image/png, 15 kB" in drawn
    assert "AAAA" not in drawn
    assert "\n" not in drawn


def test_attachments_and_sources_tell_a_data_address_likewise() -> None:
    sent = {"type": "image", "name": "a.png", "preview_url": PICTURE}
    assert body(item("user_message", content=[], attachments=[sent]))[1] == "  image/png, 15 kB"
    source = {"type": "url", "source": {"type": "url", "url": PICTURE, "title": "A"}}
    content = [{"type": "output_text", "text": "x", "annotations": [source]}]
    assert body(item("assistant_message", content=content))[-1] == " 1  A  image/png, 15 kB"


# -- any text --------------------------------------------------------------------------------------

PIECES = [
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\begin{align}", "\\end{align}", "[^1]", "[^1]: ",
    "\n", "\n\n", ": ", "~ ", "<b>", "</b>", "<br>", "<details>", "</details>", "<summary>",
    "</summary>", "> ", "- ", "> [!NOTE]\n", "|", "|-|-|\n", "~~", "`", "    ", "```\n",
    "\ue200cite\ue202", "\ue201", "<sup>", "2", "</sup>", "# ", "\\", "word", "data:a/b;base64,",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.integers(1, 50))
def test_any_mixture_is_drawn_within_its_width_and_alike(text: str, width: int) -> None:
    blocks = markdown_blocks(text)
    assert blocks == markdown_blocks(text)
    lines = [line_text(line) for line in lay_out(blocks, width)]
    assert all(cells(line) <= width for line in lines)
    if width > 8:
        assert "".join(lines).count("word") >= text.count("word") or width < 20


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_word_of_a_mixture_is_lost(text: str) -> None:
    drawn = re.sub(r"\s", "", draw(text, 300))
    assert drawn.count("word") >= text.count("word")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "$", "$a ", "$$ a\n", "$$a\n\n", "\\(a", "\\[a\n", "\\[ a\n\n", "\\begin{align}\n",
        "[^1]", "[^a]: ", "[^a]: b\n", "<details>", "<details>\n\n", "<b>", "</b><b>", "a\n: b\n",
        ": ", "> [!NOTE]\n", "<summary>", "a\n\n: b\n\n", "\ue200cite", "data:a/", "$1a\\$",
    ],
)  # fmt: skip
def test_a_text_designed_to_be_slow_is_bounded(piece: str) -> None:
    text = "[^1]: note\n\n" + piece * (LONGEST // len(piece) - 12)
    start = process_time()
    markdown_blocks(text)
    assert process_time() - start < 2
