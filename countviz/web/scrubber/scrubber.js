// Replays a training: one knob, and in every figure of the page one cursor. What lies beyond the
// cursor has not happened yet; it is covered by a hatched pane, with the end values beside it.
// The figures themselves hold the whole recording and are never redrawn, so that this is smooth.

const PACES = { slow: 3, normal: 8, fast: 24 }; // recorded points a second
const CALM_PACE = 3; // at most, for those who ask for reduced motion
const PLAY_ICON = "M3 2l9 5-9 5z", PAUSE_ICON = "M4 2v10M10 2v10";
const ROOM = 0.7; // of a figure's width; beyond, the end values stand left of the cursor

const scrubbers = new WeakMap();

/** Called by Streamlit at first, and again at each change of data or theme. */
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector("[data-countviz-scrubber]");
  let scrubber = scrubbers.get(parentElement);
  if (scrubber?.root !== root) {
    scrubber?.stop();
    scrubbers.set(parentElement, (scrubber = new Scrubber(root)));
  }
  scrubber.send = setStateValue;
  scrubber.show(data);
  const turn = ++scrubber.turn;
  return () => {
    if (turn !== scrubber.turn) return; // overtaken by a newer call
    scrubber.stop();
    scrubbers.delete(parentElement);
  };
}

class Scrubber {
  turn = 0;
  at = 0; // recorded points, not whole while it plays
  playing = false;
  follows = true; // stays at the newest point
  panes = new Map(); // by the key of a figure
  listening = new AbortController();

  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    for (const pace of Object.keys(PACES)) this.find("select").append(new Option(pace, pace));
    this.find("select").value = "normal";
    const { signal } = this.listening;
    const on = (target, type, handle) => target.addEventListener(type, handle, { signal });
    on(this.find(".play"), "click", () => (this.playing ? this.pause() : this.play()));
    on(this.find(".seek"), "input", (event) => this.jump(Number(event.target.value)));
    on(this.find(".way"), "pointerdown", (event) => this.drag(event));
    on(root, "keydown", (event) => {
      if (event.key !== " " || event.target.matches("button, select")) return;
      event.preventDefault();
      this.playing ? this.pause() : this.play();
    });
    // The figures come and go as Streamlit pleases; their panes follow them.
    this.watcher = new MutationObserver(() => this.data && this.draw());
    this.watcher.observe(document.querySelector(".stMain") ?? document.body, { childList: true, subtree: true });
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.watcher.disconnect();
    this.listening.abort();
    for (const pane of this.panes.values()) pane.remove();
    for (const hidden of document.querySelectorAll("[data-countviz-hidden]")) unhide(hidden);
  }

  get last() {
    return this.data.strings.length - 1;
  }

  show(data) {
    const other = this.data?.name !== data.name;
    this.data = data;
    if (other) this.playing = false;
    if (other || data.at !== this.asked) {
      const asked = data.at < 0 ? this.last : data.strings.findLastIndex((strings) => strings <= data.at);
      if (other || data.at !== this.sent) this.at = Math.max(asked, 0);
      this.follows = data.at < 0;
      this.asked = data.at;
    }
    if (this.follows && !this.playing) this.at = this.last;
    this.at = Math.min(this.at, this.last);
    this.find(".seek").max = this.last;
    this.find(".play").disabled = this.last < 1;
    for (const [key, pane] of this.panes) {
      pane.remove();
      this.panes.delete(key);
    }
    this.draw();
  }

  play() {
    if (this.at >= this.last) this.at = 0;
    this.playing = true;
    this.follows = false;
    clearTimeout(this.timer);
    let before = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      const pace = PACES[this.find("select").value];
      const passed = Math.min(Math.max(now - before, 0), 250) / 1000; // a frame may be older than a click
      this.at += passed * (this.calm.matches ? Math.min(pace, CALM_PACE) : pace);
      before = now;
      if (this.at >= this.last) return this.pause(this.last);
      this.draw();
      this.request = requestAnimationFrame(frame);
    };
    this.request = requestAnimationFrame(frame);
  }

  pause(at = Math.round(this.at)) {
    this.playing = false;
    this.jump(at);
  }

  jump(at) {
    this.playing = false;
    this.at = Math.min(Math.max(at, 0), this.last);
    this.follows = this.at === this.last;
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), 250);
  }

  report() {
    const at = this.follows ? -1 : this.data.strings[this.at];
    if (this.sent === at || this.playing) return;
    this.sent = at;
    this.send("strings", at);
  }

  drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const way = this.find(".way"), moves = new AbortController();
    const follow = ({ clientX }) => {
      const { left, width } = way.getBoundingClientRect();
      this.jump(nearest(this.data.places, (clientX - left) / width));
    };
    this.find(".seek").focus({ preventScroll: true });
    way.setPointerCapture(event.pointerId);
    way.addEventListener("pointermove", follow, moves);
    for (const type of ["pointerup", "pointercancel"]) way.addEventListener(type, () => moves.abort(), moves);
    follow(event);
  }

  /** Where the cursor is, from 0 to 1: between two points while it plays. */
  get place() {
    const { places } = this.data, low = Math.floor(this.at), high = Math.min(low + 1, this.last);
    return places[low] + (places[high] - places[low]) * (this.at - low);
  }

  draw() {
    const { place, data } = this, now = Math.floor(this.at), end = this.data.places[this.last];
    this.find(".knob").style.left = `calc(${100 * place}% - 8px)`;
    this.find(".done").style.transform = `scaleX(${place})`;
    for (const figure of data.figures) this.cover(figure, now, place, this.at < this.last || place < end);
    const state = `${now} ${this.playing} ${data.name} ${this.last}`;
    if (state === this.stated) return;
    this.stated = state;
    const [before, bold, after] = data.told[now];
    const middle = document.createElement("b");
    middle.textContent = bold;
    this.find(".told").replaceChildren(before, middle, after);
    this.find(".seek").value = now;
    this.find(".seek").setAttribute("aria-valuetext", `${data.strings[now].toLocaleString("en")} strings`);
    this.find(".play span").textContent = this.playing ? "Pause" : "Replay";
    this.find(".play path").setAttribute("d", this.playing ? PAUSE_ICON : PLAY_ICON);
    Object.assign(this.root.dataset, { point: now, strings: data.strings[now], playing: this.playing });
  }

  /** Cover what one figure shows beyond the cursor. */
  cover(figure, now, place, covered) {
    const chart = document.querySelector(`.st-key-${figure.key} .js-plotly-plot`);
    let pane = this.panes.get(figure.key);
    if (!chart || !covered) {
      pane?.remove();
      this.panes.delete(figure.key);
      if (chart) for (const hidden of chart.querySelectorAll("[data-countviz-hidden]")) unhide(hidden);
      return;
    }
    if (pane?.parentElement !== chart) {
      pane?.remove();
      this.panes.set(figure.key, (pane = makePane(figure, this.data.colors)));
      chart.style.position = "relative";
      chart.append(pane);
    }
    for (const index of figure.hidden) {
      const one = chart.querySelector(`.annotation[data-index="${index}"]`);
      if (one && one.dataset.countvizHidden !== "1") hide(one);
    }
    const [future, ...labels] = pane.children;
    future.style.left = `${100 * place}%`;
    const beside = place < ROOM;
    labels.forEach((label, k) => {
      const [text, y] = [figure.labels[k].text[now], figure.labels[k].y[now]];
      if (label.textContent !== text) label.textContent = text;
      label.style.top = `calc(${100 * (1 - y)}% - ${beside ? 9 : figure.falling && k === labels.length - 1 ? -3 : 21}px)`;
      label.style.left = beside ? `calc(${100 * place}% + 8px)` : "auto";
      label.style.right = beside ? "auto" : `calc(${100 * (1 - place)}% + 6px)`;
    });
  }
}

function nearest(places, place) {
  let best = 0;
  places.forEach((one, k) => Math.abs(one - place) < Math.abs(places[best] - place) && (best = k));
  return best;
}

function hide(element) {
  element.dataset.countvizHidden = "1";
  element.style.visibility = "hidden";
}

function unhide(element) {
  delete element.dataset.countvizHidden;
  element.style.visibility = "";
}

/** The pane lies on the plot of a figure: its margins are fixed, so that nothing is measured. */
function makePane({ margin, height, labels, rules }, { surface, hatch, ink, second }) {
  const pane = box({
    position: "absolute", pointerEvents: "none", fontSize: "14px", lineHeight: "18px", color: ink,
    left: `${margin.l}px`, right: `${margin.r}px`, top: `${margin.t}px`, height: `${height - margin.t - margin.b}px`,
  });
  pane.dataset.countvizPane = "";
  const future = box({
    position: "absolute", top: 0, bottom: 0, right: 0, overflow: "hidden", boxSizing: "border-box",
    borderLeft: `2px solid ${ink}`,
    background: `repeating-linear-gradient(135deg, ${hatch} 0 1px, transparent 1px 7px) ${surface}`,
  });
  for (const { y, text, below } of rules) {
    const top = `${100 * (1 - y)}%`;
    future.append(box({ position: "absolute", left: 0, right: 0, top, borderTop: `1.5px dashed ${second}` }));
    const words = box({ position: "absolute", right: "5px", top, whiteSpace: "nowrap" }, text);
    words.style.transform = below ? "translateY(1px)" : "translateY(calc(-100% - 1px))";
    future.append(words);
  }
  pane.append(future);
  for (const _ of labels) pane.append(box({ position: "absolute", whiteSpace: "nowrap", fontWeight: 600 }));
  return pane;
}

/** Text is only ever set as text. */
function box(style, text = "") {
  const element = document.createElement("div");
  Object.assign(element.style, style);
  element.textContent = text;
  return element;
}
