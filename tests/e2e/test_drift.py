"""Drift in a browser: that it is drawn, in every look; its switches, its cursor, its downloads."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("along", "prediction", "drift", "outcomes", "failures", "by-depth")
ONE = "models=exact-relu"


@pytest.fixture
def drift(open_page, server):
    """Return what opens Drift and waits until all is drawn; much of it comes from beside it."""

    def open_drift(address=f"?{ONE}", **options):
        page = open_page(f"{server.url}/drift{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=120_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_drift


def caption(page, figure):
    return page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']").last


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(drift, look):
    page = drift(**LOOKS[look])
    expect(page.get_by_role("heading", name="How far off does the count drift?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    for figure in FIGURES:
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption(page, figure).inner_text()


def test_the_switch_the_slider_and_a_link_give_the_same_view(drift):
    page = drift()
    expect(caption(page, "drift")).to_contain_text("On nested strings")
    page.get_by_role("radio", name="zigzag").click()
    expect(caption(page, "drift")).to_contain_text("On zigzags 10 deep")
    slider = page.get_by_role("slider", name="Height of the peaks, in brackets")
    slider.focus()
    slider.press("ArrowRight")
    expect(caption(page, "drift")).to_contain_text("On zigzags 20 deep")
    page.wait_for_url(re.compile("family=zigzag.*peak=20|peak=20.*family=zigzag"))
    again = drift(f"?{page.url.partition('?')[2]}")
    expect(caption(again, "drift")).to_contain_text("On zigzags 20 deep")


def test_the_cursor_moves_and_the_address_follows(drift):
    page = drift(f"?{ONE}&s=nested-40&at=7")
    page.get_by_role("button", name="▶").click()
    page.wait_for_url(re.compile("at=8"))


def test_a_string_of_a_million_symbols_is_a_click_away(drift):
    page = drift()
    page.get_by_role("button", name="random-1000000-0").click()
    expect(caption(page, "along")).to_contain_text("1,000,000 brackets")
    expect(caption(page, "along")).to_contain_text("1 of 500 steps is shown")


def test_numbers_figure_and_command_can_be_taken_along(drift):
    page = drift()
    page.locator(".st-key-drift-data button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.path().read_text().startswith("lengths,mean_drift,max_abs_drift")
    expect(page.get_by_text("python -m countviz drift exact-relu")).to_be_visible()
