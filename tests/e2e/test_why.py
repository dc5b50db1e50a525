"""Why in a browser: every look, the cursor, a click on the figure, what can be taken along."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@pytest.fixture
def why(open_page, server):
    """Return what opens Why and waits until its figures are drawn."""

    def open_why(address="", figures=("corridor", "round-trip"), **options):
        page = open_page(f"{server.url}/why{address}", **options)
        for figure in figures:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=120_000, state="attached")
        page.locator(DONE).wait_for()
        return page

    return open_why


def step_title(page):
    return page.locator(".st-key-step h3")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_the_corridor_and_never_scrolls_sideways(why, look):
    page = why(**LOOKS[look])
    expect(page.get_by_role("heading", name="When was it already lost?")).to_be_visible()
    expect(page.locator(".st-key-answer")).to_contain_text("left the corridor at bracket")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    expect(page.locator(".st-key-diagnosis li")).to_have_count(3)
    caption = page.locator(".st-key-corridor-figure [data-testid='stCaptionContainer']")
    shown = page.locator(".st-key-corridor [role=figure]")
    assert shown.get_attribute("aria-label") == caption.inner_text()


def test_the_arrows_move_the_cursor_and_the_address_follows(why):
    page = why("?at=12")
    expect(step_title(page)).to_have_text("Step 12 in numbers")
    page.get_by_role("button", name="▶").click()
    expect(step_title(page)).to_have_text("Step 13 in numbers")
    expect(page).to_have_url(re.compile("at=13"))


def test_a_click_on_the_figure_moves_the_cursor(why):
    page = why("?at=12")
    box = page.locator(".st-key-corridor .nsewdrag[data-subplot=xy]").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    expect(page.locator(".st-key-corridor .hoverlayer .hovertext").first).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    expect(step_title(page)).to_have_text(re.compile(r"Step 3[4-7] in numbers"))
    expect(page).to_have_url(re.compile("at=3[4-7]"))


def test_a_link_opens_the_axis_of_the_state_at_its_step(why):
    page = why("?models=relu1-dyck1/1&s=nested-80&axis=state&at=50", ("state-corridor",))
    expect(step_title(page)).to_have_text("Step 50 in numbers")
    title = page.locator(".st-key-state-corridor-figure h3")
    expect(title).to_have_text("From which h can it still finish?")


def test_the_numbers_and_the_page_of_the_corridor_can_be_taken_along(why):
    page = why()
    page.locator(".st-key-corridor-data button").first.click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download CSV").click()
    assert got.value.suggested_filename == "corridor.csv"
    with page.expect_download() as got:
        page.get_by_role("button", name="Download as a page").click()
    assert got.value.suggested_filename == "corridor.html"
