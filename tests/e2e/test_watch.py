"""Watch in a browser: what it shows, and what it does with keys, mouse and time."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from countviz.analysis import compare_models, find_failure
from countviz.checkpoints import load
from countviz.traces import trace
from countviz.web.choices import FIRST_MODELS, FIRST_STRING
from countviz.web.looks import label_of

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
    "dark phone": PHONE | {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=http://evil.example/x onerror=alert(1)>",
    "![x](http://evil.example/p.png)",
    "[x](javascript:alert(1))",
    r"$\href{javascript:alert(1)}{x}$",
    "http://evil.example",
    "www.evil.example",
    "me@evil.example",
    "x\n---\ny",
    "x\n\n- y\n\n# z",
]


def player(page):
    return page.locator("[data-countviz-player]")


def position(page):
    return int(player(page).get_attribute("data-position"))


def expect_position(page, symbol):
    expect(player(page)).to_have_attribute("data-position", str(symbol))


def expect_playing(page, playing):
    expect(player(page)).to_have_attribute("data-playing", "true" if playing else "false")


def expect_address(page, **wanted):
    """Wait until the address says so; None: it does not have the key."""

    def matches(url):
        has = parse_qs(urlsplit(url).query)
        return all(has.get(k, [None])[-1] == value for k, value in wanted.items())

    page.wait_for_url(matches)


def press(page, key):
    """Press a key in the player."""
    player(page).locator(".seek").press(key)


def field(page):
    return page.get_by_role("textbox", name="String")


def view_of(page):
    """Return what a person sees, in words."""
    return {
        "string": field(page).input_value(),
        "answer": page.locator(".st-key-answer").inner_text(),
        "chips": page.locator(".st-key-chips").inner_text(),
        "precision": page.locator(".st-key-precision [aria-checked=true]").all_inner_texts(),
        "sentence": player(page).locator(".sentence").inner_text(),
        "drawing": player(page).locator("canvas").get_attribute("aria-label"),
        "cards": player(page).locator("[data-row]").all_inner_texts(),
        "speed": player(page).locator("select").input_value(),
    }


def mistakes_of(name, string=FIRST_STRING):
    return trace(load(name), string).mistakes.nonzero()[0].tolist()


def test_the_first_screen_is_complete_without_a_click(watch):
    page = watch()
    models = [load(name) for name in FIRST_MODELS]
    failures = [find_failure(trace(model, FIRST_STRING)) for model in models]
    answer = compare_models([label_of(model) for model in models], failures).sentence()
    assert page.locator(".st-key-answer").inner_text() == answer
    cards = player(page).locator(".card").all_inner_texts()
    assert [card.split("\n")[0] for card in cards] == [f.sentence() for f in failures]
    assert field(page).input_value() == FIRST_STRING
    first = next(failure.position for failure in failures if failure.position is not None)
    expect_position(page, first)
    for part in (page.get_by_role("heading"), player(page).locator("canvas")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(player(page).locator(".play")).to_be_in_viewport(ratio=1)


def test_typing_redraws_without_enter_and_the_address_follows(watch):
    page = watch()
    field(page).press("ControlOrMeta+a")
    page.keyboard.type("(()")
    expect(player(page).locator("canvas")).to_have_attribute(
        "aria-label", re.compile("true count of 3 symbols, at most 2")
    )
    expect_address(page, s="(()")
    page.keyboard.type("))")
    expect(page.get_by_text("5 brackets, bracket 5 is illegal")).to_be_visible()
    expect_address(page, s="(()))")
    expect(field(page)).to_be_focused()


def test_a_view_that_was_made_by_hand_is_reproduced_by_its_address(watch, open_page):
    page = watch()
    field(page).press("ControlOrMeta+a")
    page.keyboard.type("((((()))))")
    expect_address(page, s="((((()))))")
    page.get_by_role("radio", name="bfloat16").click()
    expect_address(page, precision="bfloat16")
    press(page, "Home")
    press(page, "ArrowRight")
    player(page).locator("select").select_option("30")
    expect_address(page, at="2", speed="30")
    before = view_of(page)
    assert before["speed"] == "30"
    for again in (lambda: page.reload() and page, lambda: open_page(page.url)):
        other = again()
        expect_position(other, 1)
        expect(field(other)).to_have_value("((((()))))")
        assert view_of(other) == before


def test_playing_moves_the_cursor_and_asks_the_server_for_nothing(watch):
    frames = []
    page = watch("?at=1&speed=30", on_frame=frames.append)
    expect_position(page, 0)
    assert frames  # the page itself came this way
    before = len(frames)
    player(page).get_by_role("button", name="Play").click()
    page.wait_for_function(
        "player => player.dataset.playing === 'true' && player.dataset.position > 20",
        arg=player(page).element_handle(),
    )
    assert len(frames) == before
    expect_playing(page, False)
    expect_position(page, len(FIRST_STRING) - 1)
    expect_address(page, at=str(len(FIRST_STRING)))
    assert len(frames) > before


def test_a_pause_puts_the_position_into_the_address(watch):
    page = watch("?at=1&speed=30")
    press(page, " ")
    expect_playing(page, True)
    page.wait_for_function(
        "player => player.dataset.position > 5", arg=player(page).element_handle()
    )
    press(page, " ")
    expect_playing(page, False)
    expect_address(page, at=str(position(page) + 1))


def test_keys_move_the_cursor(watch):
    page, last = watch("?at=20"), len(FIRST_STRING) - 1
    steps = [
        ("ArrowRight", 20),
        ("ArrowRight", 21),
        ("ArrowLeft", 20),
        ("Shift+ArrowRight", 30),
        ("Shift+ArrowLeft", 20),
        ("End", last),
        ("ArrowRight", last),
        ("Home", 0),
        ("ArrowLeft", 0),
    ]
    for key, symbol in steps:
        press(page, key)
        expect_position(page, symbol)
    expect_address(page, at="1")


def test_n_goes_from_mistake_to_mistake_and_round_again(watch):
    page = watch("?models=gru1-dyck1&at=1")
    mistakes = mistakes_of("gru1-dyck1")
    assert mistakes
    for symbol in [*mistakes, mistakes[0]]:
        press(page, "n")
        expect_position(page, symbol)


def test_a_surrounding_shortcut_is_left_to_the_browser(watch):
    page = watch("?at=20")
    play = player(page).locator(".play")
    play.press("Control+ArrowRight")
    play.press("Alt+End")
    play.press("ArrowRight")
    expect_position(page, 20)


@pytest.mark.parametrize("part", [".scrubber", ".plot.truth", ".plot:not(.truth)"])
def test_the_scrubber_and_the_drawing_are_dragged_to_a_position(watch, part):
    page, last = watch("?at=20"), len(FIRST_STRING) - 1
    box = player(page).locator(part).first.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    middle = position(page)
    assert abs(middle - last / 2) < 5
    page.mouse.move(box["x"] + box["width"] * 0.7, y, steps=4)
    assert middle < position(page) < last
    page.mouse.move(box["x"] + box["width"] + 200, y)
    expect_position(page, last)
    page.mouse.up()
    expect_address(page, at=str(last + 1))


def test_reduced_motion_slows_playing_down(watch):
    page = watch("?at=1&speed=120", reduced_motion="reduce")
    started = page.evaluate("performance.now()")
    press(page, " ")
    page.wait_for_function(
        "player => player.dataset.position >= 3", arg=player(page).element_handle()
    )
    reached, elapsed = position(page), (page.evaluate("performance.now()") - started) / 1000
    expect_playing(page, True)
    assert reached <= 4 * elapsed + 1
    assert elapsed > 0.7


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_look_is_drawn_and_nothing_is_cut_off_sideways(watch, look):
    page = watch(**look)
    canvas = player(page).locator("canvas")
    expect(canvas).to_be_visible()
    colors = canvas.evaluate(
        """canvas => {
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )
    assert colors > 20
    too_wide = page.evaluate(
        """() => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
            .map((part) => part.scrollWidth - part.clientWidth)"""
    )
    assert too_wide == [0, 0]
    paper = page.locator('[data-testid="stApp"]').evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    light = sum(map(int, re.findall(r"\d+", paper)[:3])) > 3 * 128
    assert light == (look.get("color_scheme") != "dark")


def test_a_family_is_added_by_a_click_on_its_row(watch):
    page = watch("?models=gru1-dyck1")
    page.get_by_role("button", name="model", exact=False).filter(has_text="+").click()
    table = page.get_by_test_id("stDataFrame")
    table.locator("canvas").first.wait_for()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 35 + 17)  # the first row below the header
    expect(player(page).locator(".card")).to_have_count(2)
    expect(player(page).locator(".name b").last).to_have_text("exact linear")


def test_the_numbers_behind_the_figure_can_be_downloaded(watch):
    page = watch("?s=(()&models=exact-relu")
    page.get_by_role("button", name="Data").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0].startswith("position,symbol,true count")
    cells = [line.split(",") for line in lines[1:]]
    assert [(int(row[0]), row[1], float(row[2])) for row in cells] == [
        (1, "(", 1),
        (2, "(", 2),
        (3, ")", 1),
    ]


def test_hostile_texts_in_the_address_create_no_elements(watch):
    page = watch("?models=" + quote(",".join([*HOSTILE, "gru1-dyck1"])))
    notice = page.locator("[class*=st-key-notice]").first
    for text in HOSTILE:
        expect(notice).to_contain_text(text.split("\n")[0])
    assert not notice.locator("a, img, script, li, h1, h2, h3, h4, code, .katex").count()


def test_a_hostile_string_creates_no_elements(watch):
    page = watch()
    field(page).fill("<img src=http://evil.example/x onerror=alert(1)>")
    expect(page.locator("[class*=st-key-notice]").first).to_contain_text("U+003C LESS-THAN SIGN")
    assert not page.locator("img[onerror], [class*=st-key-notice] a").count()
