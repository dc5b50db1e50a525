"""Freezing in a browser: all is drawn in every look, and the address says what is chosen."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("freezing", "freezing-curves", "freezing-differences", "frozen-counters")


@pytest.fixture
def freezing(open_page, server):
    """Return what opens Freezing on the shipped study and waits until all is drawn."""

    def open_freezing(address="", **options):
        page = open_page(f"{server.url}/freezing{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=60_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_freezing


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(freezing, look):
    page = freezing(**LOOKS[look])
    heading = page.get_by_role("heading", name="Does a frozen memory generalise better?")
    expect(heading).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    second = "rgb(163, 173, 185)" if look == "dark" else "rgb(84, 93, 104)"
    ticks = page.locator(".st-key-freezing .xtick text").first
    assert ticks.evaluate("e => getComputedStyle(e).fill") == second


def test_figures_have_a_description(freezing):
    page = freezing()
    for figure in FIGURES:
        caption = page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption.inner_text()


def test_choices_go_into_the_address_and_a_link_shows_them_again(freezing):
    page = freezing()
    page.get_by_role("combobox", name="Task").click()
    page.get_by_role("option", name="marked-copy", exact=True).click()
    expect(page.get_by_role("heading", name="marked-copy, w # w:")).to_be_visible()
    page.get_by_role("radio", name="perplexity").click()
    expect(page.locator(".st-key-freezing").get_by_text("perplexity (log scale)")).to_have_count(3)
    assert "task=marked-copy" in page.url
    assert "measure=perplexity" in page.url
    again = freezing("?task=marked-copy&measure=perplexity")
    expect(again.get_by_role("heading", name="marked-copy, w # w:")).to_be_visible()
    expect(again.locator(".st-key-freezing").get_by_text("perplexity (log scale)")).to_have_count(3)
