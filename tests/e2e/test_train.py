"""Train in a browser: from a click to figures, through the replay, and on to Watch."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
LOOKS = {"light": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
TRAINED = 120_000  # ms; where nobody has trained before, the kernels are compiled first
STRINGS = 20_000  # that the training of these tests reads


def scrubber(page):
    return page.locator("[data-countviz-scrubber]")


def panes(page):
    return page.locator("[data-countviz-pane]")


def answer(page):
    return page.locator(".st-key-answer")


def expect_strings(page, strings):
    expect(scrubber(page)).to_have_count(1)  # one of the run before may still be there
    expect(scrubber(page)).to_have_attribute("data-strings", str(strings))


def expect_address(page, **wanted):
    page.wait_for_url(
        lambda url: all(
            parse_qs(urlsplit(url).query).get(key, [None])[-1] == value
            for key, value in wanted.items()
        )
    )


def settle(page):
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def ends_run(frame):
    return ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished"


def fill(page, label, text):
    """Fill in a field, and wait until the server has read it: the page has run once more."""
    field = page.get_by_role("textbox", name=label, exact=True).or_(
        page.get_by_role("spinbutton", name=label, exact=True)
    )
    field.fill(text)
    with page.socket.expect_event("framereceived", ends_run, timeout=60_000):
        field.press("Enter")
    settle(page)
    expect(field).to_have_value(text)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def open_train(open_page, server):
    def open_train(address="", **options):
        page = open_page(f"{server.url}/train{address}", **options)
        page.locator(".st-key-start button").wait_for()
        settle(page)
        return page

    return open_train


@pytest.fixture
def trained(open_train):
    """Return what opens the page on a training of three seeds, which a click has started.

    Equal settings are one job, so that only the first of these tests waits for it.
    """

    def open_trained(**options):
        page = open_train(**options)
        fill(page, "Seeds", "0 to 2")
        fill(page, "Epochs", "2")
        page.locator(".st-key-start button").click()
        page.locator(".st-key-finished").wait_for(timeout=TRAINED)
        expect_strings(page, STRINGS)
        settle(page)
        return page

    return open_trained


def test_a_click_leads_to_live_figures_and_the_address_to_the_same_again(trained, open_train):
    page = trained()
    expect(answer(page)).to_contain_text(f"At string {STRINGS:,}, ")
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    again = open_train(f"?{urlsplit(page.url).query}")
    expect_strings(again, STRINGS)
    assert answer(again).inner_text() == answer(page).inner_text()


def test_the_cursor_covers_what_is_still_to_come_in_every_figure(trained):
    page = trained()
    expect(panes(page)).to_have_count(0)
    seek = scrubber(page).locator(".seek")
    seek.press("Home")
    expect_strings(page, 0)
    expect(panes(page)).to_have_count(4)
    expect(answer(page)).to_contain_text("Before the first string")
    expect_address(page, string="0")
    for _ in range(4):
        seek.press("ArrowRight")
    expect_strings(page, 1000)
    expect(answer(page)).to_contain_text("At string 1,000, ")
    words = page.locator(".st-key-horizons [data-countviz-pane]").inner_text()
    assert re.search(r"best \d+\s+median \d+", words)
    seek.press("End")
    expect(panes(page)).to_have_count(0)
    expect_address(page, string=None)


def test_the_replay_runs_to_the_end_without_asking_the_server(trained):
    page = trained()
    scrubber(page).locator("select").select_option("fast")
    press(page, "Replay")
    expect(scrubber(page)).to_have_attribute("data-playing", "true")
    expect(panes(page)).to_have_count(4)
    press(page, "Pause")
    expect(scrubber(page)).to_have_attribute("data-playing", "false")
    press(page, "Replay")
    expect_strings(page, STRINGS)
    expect(panes(page)).to_have_count(0)


def test_the_knob_can_be_dragged(trained):
    page = trained()
    way = scrubber(page).locator(".way").bounding_box()
    middle = way["y"] + way["height"] / 2
    page.mouse.move(way["x"] + way["width"] - 4, middle)
    page.mouse.down()
    page.mouse.move(way["x"] + way["width"] / 2, middle, steps=5)
    page.mouse.up()
    expect_address(page, string="10000")
    expect(answer(page)).to_contain_text("At string 10,000, ")


def test_one_click_leads_from_a_finished_training_to_watch(trained):
    page = trained()
    page.get_by_role("link", name="Watch its best").click()
    player = page.locator("[data-countviz-player]")
    expect(player.locator("[data-row].name")).to_have_count(3, timeout=TRAINED)
    models = parse_qs(urlsplit(page.url).query)["models"][0].split(",")
    assert sorted(models) == sorted({re.sub(r"/\d@", f"/{seed}@", models[0]) for seed in range(3)})


def test_one_thing_can_be_changed_and_both_curves_are_kept(trained):
    page = trained()
    press(page, "Keep & change one thing")
    expect(page.get_by_text("Change one thing and start")).to_be_visible()
    kept = parse_qs(urlsplit(page.url).query)["keep"][0]
    fill(page, "Learning rate", "0.02")
    page.locator(".st-key-start button").click()
    page.wait_for_url(lambda url: f"job={kept}" not in url)
    page.locator(".st-key-finished").wait_for(timeout=TRAINED)
    expect(page.get_by_text("Changed since: learning rate 0.01 → 0.02.")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["keep"] == [kept]


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_shows_its_figures_and_never_scrolls_sideways(trained, look):
    page = trained(**LOOKS[look])
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    if look != "phone":
        expect(scrubber(page)).to_be_in_viewport(ratio=1)


def test_figures_have_a_description(trained):
    page = trained()
    for chart in page.get_by_test_id("stPlotlyChart").all():
        assert len(chart.get_attribute("aria-label")) > 50
