"""Trajectories in a browser: drawn in every look, stretches marked by box and by slider."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("trajectory", "plane", "cobweb", "matches", "seed-trajectories")


def settle(page):
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


@pytest.fixture
def trajectories(open_page, server):
    """Return what opens Trajectories and waits until all is drawn."""

    def open_trajectories(address="?models=lstm1-dyck1/1", **options):
        page = open_page(f"{server.url}/trajectories{address}", **options)
        for figure in FIGURES:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=120_000, state="attached")
        settle(page)
        return page

    return open_trajectories


def caption(page, figure):
    return page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(trajectories, look):
    page = trajectories(**LOOKS[look])
    expect(page.get_by_role("heading", name="How does its state move?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    for figure in FIGURES:
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption(page, figure).inner_text()


def test_a_stretch_is_marked_by_a_box_in_the_figure_and_moved_by_its_slider(trajectories):
    page = trajectories()
    page.locator('.st-key-trajectory [data-title="Box Select"]').click()
    panel = page.locator(".st-key-trajectory .nsewdrag").first.bounding_box()
    y = panel["y"] + panel["height"] / 2
    page.mouse.move(panel["x"] + 0.4 * panel["width"], y)
    page.mouse.down()
    page.mouse.move(panel["x"] + 0.5 * panel["width"], y + 9, steps=5)
    page.mouse.move(panel["x"] + 0.7 * panel["width"], y + 9, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("stretch=29-49"))
    expect(caption(page, "matches")).to_contain_text("throughout brackets 29 to 49")
    settle(page)
    start = page.locator("[class*=st-key-stretch-of] input[type=range]").first
    start.press("ArrowRight")
    page.wait_for_url(re.compile("stretch=30-49"))
    expect(caption(page, "matches")).to_contain_text("brackets 30 to 49")
    page.get_by_role("button", name="◀").click()
    page.wait_for_url(re.compile("at=69"))
    assert "stretch=30-49" in page.url


def test_a_link_shows_the_same_view_again_and_its_numbers_can_be_taken_along(trajectories):
    page = trajectories("?models=lstm5-dyck1&unit=3&state=h&x=f2&y=h4&stretch=3-6&s=(()(()))()")
    expect(page.locator(".st-key-answer")).to_contain_text("of unit 3")
    expect(caption(page, "matches")).to_contain_text("brackets 3 to 6")
    expect(page.locator(".st-key-plane .gtitle")).to_have_text("h of unit 4")
    expect(page.locator(".st-key-cobweb .gtitle")).to_have_text("h of unit 3 after it")
    page.locator(".st-key-cobweb-data button").click()
    table = page.get_by_role("button", name="Download CSV")
    with page.expect_download() as download:
        table.click()
    assert download.value.path().read_text().startswith("symbol,before,after\n")
    expect(page.locator("[data-testid=stCode]")).to_contain_text("--unit 2 --internal h")
