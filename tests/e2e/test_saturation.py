"""Saturation in a browser: drawn in every look, steered by cursor and switches, taken along."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("strips", "heat", "bounds", "ends", "seeds")


@pytest.fixture
def saturation(open_page, server):
    """Return what opens the page and waits until all is drawn; its seeds are read beside it."""

    def open_saturation(address="?models=lstm2-dyck1/3", **options):
        page = open_page(f"{server.url}/saturation{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=90_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_saturation


def caption(page, figure):
    return page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(saturation, look):
    page = saturation(**LOOKS[look])
    expect(page.get_by_role("heading", name="How far on are the gates?")).to_be_visible()
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    assert page.locator(".st-key-strips").evaluate(wide) == (look != "phone")
    ink = page.locator(".st-key-ends text").first.evaluate("e => getComputedStyle(e).fill")
    assert ink == ("rgb(163, 173, 185)" if look == "dark" else "rgb(84, 93, 104)")
    for figure in FIGURES:
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption(page, figure).inner_text()


def test_a_unit_a_gate_and_a_symbol_are_chosen_and_a_link_shows_the_same(saturation):
    page = saturation("?models=lstm2-dyck1/3&at=12")
    said = page.locator(".st-key-cursor-said")
    page.get_by_role("button", name="▶").click()
    expect(said).to_contain_text("Symbol 13, ")
    page.get_by_role("slider").press("ArrowRight")
    expect(said).to_contain_text("Symbol 14, ")
    page.get_by_role("radio", name="2", exact=True).click()
    expect(page.locator(".st-key-answer")).to_contain_text("of unit 2")
    page.get_by_role("radio", name="output gate o").click()
    expect(caption(page, "seeds")).to_contain_text("median output gate")
    address = page.url.partition("?")[2]
    assert {"unit=2", "gate=o", "at=14"} <= set(address.split("&"))
    again = saturation(f"?{address}")
    expect(again.locator(".st-key-cursor-said")).to_have_text(said.inner_text())
    for figure in FIGURES:
        expect(caption(again, figure)).to_have_text(caption(page, figure).inner_text())


def test_the_numbers_can_be_taken_along(saturation):
    page = saturation()
    page.locator(".st-key-strips-data button").click()
    for button, suffix in (("Download CSV", ".csv"), ("Download as a page", ".html")):
        with page.expect_download() as started:
            page.get_by_role("button", name=button).click()
        assert started.value.suggested_filename == f"strips{suffix}"
    expect(page.get_by_text("saturation lstm2-dyck1/3")).to_be_visible()
