"""HTML of other programs' descriptions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.reading.html import MAX_HTML, MAX_TAGS, check_tags, is_html, markdown
from domain.errors import Invalid


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br/><br/>three", "one\ntwo\n\nthree"),
        ("<h2>Title</h2><p>a <b>b</b> <i>c</i> <s>d</s> <code>e</code></p>", "## Title\n\na **b** _c_ ~~d~~ `e`"),
        ('<a href="https://x.y/?a=1&amp;b=2">here</a>', "[here](https://x.y/?a=1&b=2)"),
        ("<a>here</a>", "here"),
        ('<img src="https://x.y" alt="cat">', "![cat](https://x.y)"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>", "- a\n- b\n  - c\n\nd"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<script>x</script><style>y</style>z", "z"),
        ("<!-- a -->b", "b"),
        ("a &lt;b&gt; &amp;&nbsp;c", "a <b> & c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("  a\n  b  ", "a b"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<ul><li data-checked="true">a</li><li data-checked="false">b</li></ul>', "- [x] a\n- [ ] b"),
        ('<ul><li><input type="checkbox" checked>a</li><li><input type="checkbox">b</li></ul>', "- [x] a\n- [ ] b"),
        ("", ""),
    ],
)
def test_html_becomes_markdown(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("<p>a</p>", True), ("a<br />b", True), ("1 < 2", False), ("<x>", False)]
)
def test_html_is_told_from_text(text: str, expected: bool) -> None:
    assert is_html(text) is expected


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "&", "<ul>", "<ul><li>x", "</", "<script>", "<a href='", "<li a='b\""]
)
def test_hostile_html_is_read_in_no_time(piece: str) -> None:
    assert len(markdown(piece * MAX_HTML)) <= 40 * MAX_HTML


def test_too_many_tags_are_refused() -> None:
    for tag in (b"<", b"\\u003c", b"\\u003C"):
        with pytest.raises(Invalid, match="HTML tags"):
            check_tags(tag * (MAX_TAGS + 1))


@given(st.text("<>/ab=\"'&; \n\tpulio!-", max_size=60))
def test_any_text_is_read(html: str) -> None:
    assert markdown(html) == markdown(html).strip()
