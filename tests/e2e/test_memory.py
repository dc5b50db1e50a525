"""Memory in a browser: two stacks under one cursor, drawn in every look."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("stack", "stack-beside", "forgetting")


@pytest.fixture
def memory(open_page, server):
    """Return what opens the page and waits until all is drawn."""

    def open_memory(address="", **options):
        page = open_page(f"{server.url}/memory{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=90_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_memory


def caption(page, figure):
    return page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_both_stacks_and_never_scrolls_sideways(memory, look):
    page = memory(**LOOKS[look])
    expect(page.get_by_role("heading", name="What does its stack hold?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for figure in FIGURES:
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption(page, figure).inner_text()


def test_the_cursor_is_shared_and_a_link_shows_the_same(memory):
    page = memory("?at=3")
    page.get_by_role("button", name="▶").click()
    expect(page.get_by_role("slider")).to_have_value("4")
    page.get_by_role("radio", name="hard").click()
    expect(caption(page, "forgetting")).to_contain_text("never forgets")
    assert {"at=4", "actions=hard"} <= set(page.url.partition("?")[2].split("&"))
    again = memory(page.url.partition("/memory")[2])
    for figure in FIGURES:
        expect(caption(again, figure)).to_have_text(caption(page, figure).inner_text())


def test_the_numbers_of_a_stack_are_taken_along(memory):
    page = memory("?s=(())")
    page.locator(".st-key-stack-data button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("position,symbol,true count,height,push,pop,no-op,cell 0")
    assert len(lines) == 5
