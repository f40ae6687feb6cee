"""Discord's markdown, made into elements by the page's own module."""

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

RENDER = """async (text) => {
  const { markdown } = await import("/static/js/markdown.js");
  return markdown(text).innerHTML;
}"""
LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer">{1}</a>'

INLINE = {
    "plain & <b>simple</b>": "plain &amp; &lt;b&gt;simple&lt;/b&gt;",
    "**bold** *italic* _too_ __under__ ~~gone~~": (
        "<strong>bold</strong> <em>italic</em> <em>too</em> <u>under</u> <s>gone</s>"
    ),
    "***both***": "<strong><em>both</em></strong>",
    "snake_case_word": "snake_case_word",
    "2 * 3 * 4": "2 * 3 * 4",
    r"\*not italic\* \_nor\_ \\ \`this\`": r"*not italic* _nor_ \ `this`",
    "`a **b** <c>`": "<code>a **b** &lt;c&gt;</code>",
    "``a ` b``": "<code>a ` b</code>",
    "[**the** post](https://x.com/a_(b))": LINK.format(
        "https://x.com/a_(b)", "<strong>the</strong> post"
    ),
    "<https://x.com/a>": LINK.format("https://x.com/a", "https://x.com/a"),
    "see https://x.com/a_b?c=(d).": "see {}.".format(
        LINK.format("https://x.com/a_b?c=(d)", "https://x.com/a_b?c=(d)")
    ),
    "(https://x.com/a)": f"({LINK.format('https://x.com/a', 'https://x.com/a')})",
    "[no](javascript:alert(1))": "[no](javascript:alert(1))",
    "<#1100000000000000012>": '<span class="mention">#likes</span>',
    "<@1100000000000000021> <@!1100000000000000022>": (
        '<span class="mention">@Ada</span> <span class="mention">@Grace</span>'
    ),
    "<@&1100000000000000003>": '<span class="mention">@Readers</span>',
    "<#1> <@2> <@&3>": (
        '<span class="mention">#unknown</span> <span class="mention">@unknown-user</span> '
        '<span class="mention">@unknown-role</span>'
    ),
    "</watch add:1>": '<button type="button" class="mention command">/watch add</button>',
    "<:heart:1>": ":heart:",
    "@everyone": "@everyone",
    "unclosed **bold and `code": "unclosed **bold and `code",
}
BLOCKS = {
    "# Big\n## Less\n### Least": (
        '<div class="h1" role="heading" aria-level="4">Big</div>'
        '<div class="h2" role="heading" aria-level="5">Less</div>'
        '<div class="h3" role="heading" aria-level="6">Least</div>'
    ),
    "#hashtag": "<p>#hashtag</p>",
    "-# small *print*": "<small>small <em>print</em></small>",
    "> one\n> two\nthree": "<blockquote><p>one\ntwo</p></blockquote><p>three</p>",
    ">>> one\ntwo": "<blockquote><p>one\ntwo</p></blockquote>",
    "- a\n- b\n  - c\n- d": "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>",
    "3. a\n4. b": '<ol start="3"><li>a</li><li>b</li></ol>',
    "a\n\nb": "<p>a\n\nb</p>",
    "before\n```py\n# **x**\n```\nafter": (
        '<p>before</p><pre tabindex="0"><code># **x**</code></pre><p>after</p>'
    ),
}


@pytest.mark.parametrize(("text", "html"), INLINE.items())
async def test_inline(shared_page: Page, text: str, html: str) -> None:
    assert await shared_page.evaluate(RENDER, text) == f"<p>{html}</p>"


@pytest.mark.parametrize(("text", "html"), BLOCKS.items())
async def test_blocks(shared_page: Page, text: str, html: str) -> None:
    assert await shared_page.evaluate(RENDER, text) == html


async def test_a_timestamp_counts_on(shared_page: Page) -> None:
    text = "<t:0:R> <t:1706356800:D>"
    html = await shared_page.evaluate(RENDER, text)
    assert 'data-relative=""' in html
    assert "years ago</time>" in html
    assert ">January 27, 2024</time>" in html


async def test_a_spoiler_shows_when_it_is_pressed(shared_page: Page) -> None:
    pressed = """async () => {
      const { markdown } = await import("/static/js/markdown.js");
      const spoiler = markdown("||the *end*||").querySelector(".spoiler");
      const before = spoiler.getAttribute("role");
      spoiler.click();
      return [before, spoiler.getAttribute("role"), spoiler.textContent];
    }"""
    assert await shared_page.evaluate(pressed) == ["button", None, "the end"]


@pytest.mark.parametrize("text", ["*" * 2000, "[" * 2000, "||" * 1000, "_a" * 1000, "\\" * 2000])
async def test_no_text_holds_the_page_up(shared_page: Page, text: str) -> None:
    assert await shared_page.evaluate(RENDER, text)
