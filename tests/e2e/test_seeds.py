"""Seeds in a browser: that it is drawn, that marks can be chosen and watched, in every look."""

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("reach", "luck", "endurance", "zigzag")


@pytest.fixture
def seeds(open_page, server):
    """Return what opens Seeds and waits until all is drawn; its first run measures every seed."""

    def open_seeds(address="", **options):
        page = open_page(f"{server.url}/seeds{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=120_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_seeds


def marks(page):
    return page.locator(".st-key-endurance .scatterlayer .trace .point")


def click_mark(page, number):
    """Click a mark of the scatter where it lies; a layer above it takes the mouse."""
    box = marks(page).nth(number).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".st-key-endurance .hoverlayer .hovertext")).to_be_visible()
    page.mouse.down()
    page.mouse.up()


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(seeds, look):
    page = seeds(**LOOKS[look])
    expect(page.get_by_role("heading", name="Is it luck?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    ink = page.locator(".st-key-luck text").first.evaluate("e => getComputedStyle(e).fill")
    assert ink == ("rgb(163, 173, 185)" if look == "dark" else "rgb(84, 93, 104)")


def test_a_mark_that_is_clicked_can_be_watched(seeds):
    page = seeds()
    watch = page.get_by_role("button", name="Watch these").first
    expect(watch).to_be_disabled()
    click_mark(page, 0)
    expect(watch).to_be_enabled()
    address = page.locator(".st-key-watch-marked").inner_text().split()[-1]
    family, _, member = address.partition("/")
    assert family.endswith("-dyck1")
    watch.click()
    page.locator("[data-countviz-player][data-position]").wait_for()
    chip = page.locator(".st-key-chips")
    expect(chip).to_contain_text(f"seed {member.partition('@')[0]}")


def test_the_pager_shows_the_next_six_and_the_address_follows(seeds):
    page = seeds()
    ticks = page.locator(".st-key-reach .xtick text")
    expect(ticks.first).to_have_text("seed 0")
    page.get_by_role("button", name="Page 2", exact=True).click()
    expect(ticks.first).to_have_text("seed 6")
    assert "page=2" in page.url


def test_figures_have_a_description(seeds):
    page = seeds()
    for figure in FIGURES:
        caption = page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption.inner_text()
