"""Weights in a browser: drawn in every look, moved by its sliders, taken along, linked to."""

import re

import pytest
import safetensors.numpy
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
FIGURES = ("exactness", "effect", "intervention", "indicators")
ONE = "?models=relu1-dyck1/1"


@pytest.fixture
def weights(open_page, server):
    """Return what opens Weights and waits until all is drawn; the seeds are read meanwhile."""

    def open_weights(address=ONE, figures=FIGURES, **options):
        page = open_page(f"{server.url}/weights{address}", **options)
        for figure in figures:
            drawn = page.locator(f".st-key-{figure} .js-plotly-plot .plot-container")
            drawn.wait_for(timeout=120_000, state="attached")
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        return page

    return open_weights


def answer(page):
    return page.locator(".st-key-answer")


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_all_figures_and_never_scrolls_sideways(weights, look):
    page = weights(**LOOKS[look])
    expect(page.get_by_role("heading", name="What would make it count exactly?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator('[data-testid="stMain"]').evaluate(wide)
    for figure in FIGURES:
        caption = page.locator(f".st-key-{figure}-figure [data-testid='stCaptionContainer']")
        shown = page.locator(f".st-key-{figure} [role=figure]")
        assert shown.get_attribute("aria-label") == caption.inner_text()


def test_a_slider_moves_everything_and_the_link_shows_it_again(weights):
    page = weights()
    before = answer(page).inner_text()
    knob = page.locator(".st-key-slide-h0").get_by_role("slider")
    knob.focus()
    knob.press("ArrowRight")
    expect(answer(page)).not_to_have_text(before)
    expect(page.get_by_role("button", name="Undo all changes")).to_be_enabled()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    assert "~h0" in page.url
    now = answer(page).inner_text()
    again = weights(page.url[page.url.index("?") :])
    expect(answer(again)).to_have_text(now)


def test_snapping_all_makes_it_exact_and_the_file_holds_that(weights, tmp_path):
    page = weights()
    page.get_by_role("button", name="All of them").click()
    expect(answer(page)).to_contain_text("Nothing more: all six conditions hold")
    page.get_by_role("button", name="Take along").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download .safetensors").click()
    download.value.save_as(tmp_path / "weights.safetensors")
    arrays = safetensors.numpy.load_file(tmp_path / "weights.safetensors")
    assert arrays["rnn.weight_hh_l0"].tolist() == [[1.0]]
    up, down = arrays["rnn.weight_ih_l0"][0]
    assert up == -down


def test_a_slip_follows_its_sliders(weights):
    page = weights()
    slip = page.locator(".st-key-intervention-figure [data-testid='stCaptionContainer']")
    expect(slip).to_contain_text("after symbol 40")
    page.locator(".st-key-cursor").get_by_role("button").nth(1).click()
    expect(slip).to_contain_text("after symbol 41")
    knob = page.locator(".st-key-delta").get_by_role("slider")
    knob.focus()
    knob.press("ArrowRight")
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    expect(page).to_have_url(re.compile(r"at=41.*delta=1\.25|delta=1\.25.*at=41"))
