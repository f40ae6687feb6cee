"""docs/commands.md is made from the code, and is not stale."""

from scripts.commands_doc import DOC, commands_doc


async def test_it_says_what_the_code_says() -> None:
    assert DOC.read_text(encoding="utf-8") == await commands_doc(), "make docs"
