// The page side: elements, controls, time, and the little that goes back to the server.

const SPEEDS = [2, 8, 30, 120]; // symbols a second
const CALM_SPEED = 4; // at most, for those who ask for reduced motion
const STACKED_BELOW = 860; // pixels of width
const PLAY_ICON = "M3 2l9 5-9 5z", PAUSE_ICON = "M4 2v10M10 2v10";
const SHAPES = {
  square: "M2 2h10v10H2z",
  triangle: "M7 1.5 13 12H1z",
  circle: "M7 1.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 1 0 7 1.8z",
  diamond: "M7 .8 13.2 7 7 13.2.8 7z",
  "tall-diamond": "M7 0 11.5 7 7 14 2.5 7z",
  cross: "M5 1h4v4h4v4H9v4H5V9H1V5h4z",
  star: "M7 .4 8.9 5H13.7L9.9 8.1 11.2 13 7 10.2 2.8 13 4.1 8.1.3 5H5.1z",
  "triangle-down": "M1 2h12L7 12.5z",
  pentagon: "M7 1 13 5.6 10.7 12.8H3.3L1 5.6z",
};

const players = new WeakMap();

/** Called by Streamlit at first, and again at each change of data or theme. */
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector("[data-countviz-player]");
  let player = players.get(parentElement);
  if (player?.root !== root) {
    player?.stop();
    players.set(parentElement, (player = new Player(root)));
  }
  player.send = setStateValue;
  player.show(unpack(data));
  // An overtaken call may be cleaned up late: only the newest one speaks for the player.
  const turn = ++player.turn;
  return () => {
    if (turn !== player.turn) return;
    player.stop();
    players.delete(parentElement);
  };
}

class Player {
  turn = 0;
  at = 0; // the symbol under the cursor
  playing = false;
  veiled = false; // what has not been played yet is faint
  touched = false; // a person has moved the cursor on this string
  frames = 0;
  reported = new Set(); // positions on their way to the server and back
  listening = new AbortController();

  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stage = this.find(".stage");
    this.canvas = this.find("canvas");
    this.layer = document.createElement("canvas");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    for (const speed of SPEEDS) this.find("select").append(new Option(`${speed} / s`, speed));
    this.listen();
    this.observer = new ResizeObserver(() => this.arrange());
    this.observer.observe(root);
  }

  listen() {
    const { signal } = this.listening;
    const on = (target, type, handle) => target.addEventListener(type, handle, { signal });
    const press = (selector, handle) => on(this.find(selector), "click", handle);
    press(".play", () => this.toggle());
    press(".first", () => this.jump(0));
    press(".back", () => this.step(-1));
    press(".on", () => this.step(1));
    press(".next", () => this.jumpToMistake());
    on(this.find("select"), "change", (event) => this.setSpeed(Number(event.target.value)));
    on(this.find(".seek"), "input", (event) => this.seek(Number(event.target.value)));
    on(this.find(".seek"), "change", () => this.settle());
    on(this.stage, "pointerdown", (event) => event.target.matches(".plot") && this.drag(event));
    on(this.find(".scrubber"), "pointerdown", (event) => this.drag(event));
    on(this.root, "keydown", (event) => this.press(event));
    on(document.fonts, "loadingdone", () => this.arrange());
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.listening.abort();
  }

  // --- new data ------------------------------------------------------------------------------

  show(record) {
    const before = this.record, changed = before?.string !== record.string;
    this.record = record;
    if (changed) this.pause();
    if (changed && !this.touched) this.at = -1;
    if (this.isAsked(before, record)) this.at = record.position;
    if (!(this.at in record.symbols)) {
      this.at = record.position in record.symbols ? record.position : chooseStart(record);
      this.touched = this.veiled = false;
    }
    if (record.speed !== before?.speed) this.speed = record.speed;
    this.fill();
    this.arrange();
    if (!this.playing) this.speak();
  }

  /** Did the page move the cursor? Its argument may also be an echo of what we reported. */
  isAsked(before, record) {
    if (!before || record.position === before.position) return false;
    const echo = this.reported.has(record.position);
    if (record.position === this.sent) this.reported.clear();
    if (!echo) this.touched = this.veiled = this.sent = false;
    return !echo;
  }

  fill() {
    const { record, stage } = this;
    for (const old of stage.querySelectorAll("[data-row]")) old.remove();
    this.find(".unit").textContent = record.unit;
    this.root.style.setProperty("--rows", record.rows.length);
    const hues = readHues(getComputedStyle(this.root));
    const tall = record.rows.length < 3;
    for (const row of record.rows) stage.append(...makeRow(row, hues[row.color % hues.length], tall));
    this.find(".key ul").replaceChildren(...makeKey(record));
    const distance = (speed) => Math.abs(speed - this.speed);
    this.find("select").value = [...SPEEDS].sort((a, b) => distance(a) - distance(b))[0];
    this.find(".seek").max = record.length - 1;
    this.canvas.setAttribute("aria-label", describe(record));
  }

  /** Lay out, measure, and draw what does not move. */
  arrange() {
    const width = this.root.clientWidth;
    this.place = undefined;
    if (!width || !this.record) return; // hidden in a closed tab; the observer will call again
    this.stack(width < STACKED_BELOW);
    this.look = readLook(this.root);
    const place = (this.place = measure(this.stage, this.record));
    this.root.classList.toggle("strips", !place.dots);
    this.find(".scrubber").style.setProperty("--column", `${place.column}px`);
    for (const canvas of [this.canvas, this.layer]) {
      canvas.width = Math.round(place.width * this.look.scale);
      canvas.height = Math.round(place.height * this.look.scale);
      canvas.getContext("2d").setTransform(this.look.scale, 0, 0, this.look.scale, 0, 0);
    }
    this.canvas.style.width = `${place.width}px`;
    this.canvas.style.height = `${place.height}px`;
    const g = this.layer.getContext("2d");
    place.remarks = this.record.rows.map((row, k) => placeRemark(g, row, place.rows[k], place, this.look));
    paintScore(g, this.record, place, this.look);
    this.draw();
  }

  /** Choose between cards beside the rows and words above them; then the key is folded. */
  stack(stacked) {
    if (this.stacked === stacked) return;
    this.stacked = stacked;
    this.root.classList.toggle("stacked", stacked);
    this.find(".key").open = !stacked;
    this.find("summary").tabIndex = stacked ? 0 : -1;
  }

  // --- time ------------------------------------------------------------------------------------

  toggle() {
    if (this.playing) return this.pause(), this.settle();
    if (this.at >= this.record.length - 1) this.at = 0;
    this.playing = this.veiled = this.touched = true;
    this.origin = this.head = this.at;
    this.clock = undefined;
    this.showState();
    this.request = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    if (!this.playing) return;
    const elapsed = Math.min(0.25, (now - (this.clock ?? now)) / 1000); // a hidden tab does not skip
    this.clock = now;
    this.head += elapsed * (this.calm.matches ? Math.min(CALM_SPEED, this.speed) : this.speed);
    this.at = Math.min(this.record.length - 1, Math.floor(this.head));
    this.frames++;
    this.draw();
    if (this.at === this.record.length - 1) return this.pause(), this.settle();
    this.request = requestAnimationFrame((later) => this.tick(later));
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.showState();
  }

  /** Where the cursor is drawn: it hops into the next column within an eighth of a second. */
  glide() {
    if (!this.playing || this.calm.matches || this.at === this.origin) return this.at;
    const hop = Math.min(1, (this.head - this.at) / Math.min(1, this.speed / 8));
    return this.at - (1 - hop) ** 3;
  }

  // --- moving by hand ----------------------------------------------------------------------------

  seek(at, { unveil = true } = {}) {
    this.pause();
    this.at = clamp(at, 0, this.record.length - 1);
    this.touched = true;
    if (unveil) this.veiled = false;
    this.draw();
  }

  /** A move by key or button: told to the server once the hand is still. */
  jump(at, options) {
    this.seek(at, options);
    this.settle(400);
  }

  step(by) {
    this.jump(this.at + by, { unveil: false });
  }

  jumpToMistake() {
    const { rows, length } = this.record;
    const next = findMistake(rows, length, this.at);
    const at = next >= 0 ? next : findMistake(rows, length, -1); // round again
    if (at >= 0) this.jump(at);
  }

  drag(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { target, pointerId, pointerType } = event, moves = new AbortController();
    const { left } = this.stage.getBoundingClientRect();
    const follow = (moved) => this.place && this.seek(this.place.at(moved.clientX - left));
    const release = (last) => {
      moves.abort();
      follow(last);
      this.settle();
    };
    this.find(".seek").focus({ preventScroll: true });
    target.setPointerCapture(pointerId);
    target.addEventListener("pointermove", follow, moves);
    target.addEventListener("pointerup", release, moves);
    target.addEventListener("pointercancel", () => moves.abort(), moves);
    if (pointerType !== "touch") follow(event); // a finger may be about to scroll the page
  }

  press(event) {
    const { ctrlKey, metaKey, altKey, target, key } = event;
    if (ctrlKey || metaKey || altKey || target.matches("select")) return;
    if (key === " " && target.matches("button, summary")) return; // it presses that
    const reach = event.shiftKey ? 10 : 1;
    const actions = {
      ArrowLeft: () => this.step(-reach),
      ArrowRight: () => this.step(reach),
      Home: () => this.jump(0),
      End: () => this.jump(this.record.length - 1),
      " ": () => this.toggle(),
      n: () => this.jumpToMistake(),
    };
    if (!Object.hasOwn(actions, key)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[key]();
  }

  setSpeed(speed) {
    this.speed = speed;
    this.send("speed", speed);
  }

  // --- telling -----------------------------------------------------------------------------------

  /** The cursor rests: say it aloud and tell the server, now or after a while without moves. */
  settle(delay = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.playing) return;
      this.speak();
      this.report();
    }, delay);
  }

  report() {
    if (this.sent === this.at && this.sentFor === this.record.name) return;
    this.sent = this.at;
    this.sentFor = this.record.name;
    this.reported.add(this.at);
    this.send("position", { string: this.record.name, symbol: this.at });
  }

  speak() {
    const words = sentence(this.record, this.at).map(([text]) => text).join("");
    if (this.find(".spoken").textContent !== words) this.find(".spoken").textContent = words;
  }

  draw() {
    if (!this.place) return;
    const { record, place, at } = this, glide = this.glide();
    const view = { at: glide, now: at, veiled: this.veiled };
    paintFrame(this.canvas.getContext("2d"), this.layer, record, place, this.look, view);
    const x = place.x(glide) - place.left;
    this.find(".knob").style.transform = `translateX(${x}px)`;
    this.find(".done").style.transform = `scaleX(${x / place.span})`;
    if (this.shown?.record === record && this.shown.at === at) return;
    this.shown = { record, at };
    const pieces = sentence(record, at).map(([text, tag]) => (tag ? make(tag, "", text) : text));
    this.find(".sentence").replaceChildren(...pieces);
    this.showState();
  }

  /** What the controls and the attributes for tests say; while playing a few times a second. */
  showState() {
    const now = performance.now();
    if (this.playing && this.root.dataset.playing === "true" && now - this.stated < 250) return;
    this.stated = now;
    Object.assign(this.root.dataset, { position: this.at, playing: this.playing, frames: this.frames });
    this.find(".play span").textContent = this.playing ? "Pause" : "Play";
    this.find(".play path").setAttribute("d", this.playing ? PAUSE_ICON : PLAY_ICON);
    if (!this.record) return;
    const seek = this.find(".seek"), last = this.record.length - 1;
    seek.value = this.at;
    if (!this.playing) seek.setAttribute("aria-valuetext", `${this.record.noun} ${say(this.at + 1)} of ${say(last + 1)}`);
    this.find(".first").disabled = this.find(".back").disabled = this.at === 0;
    this.find(".on").disabled = this.at === last;
    this.find(".next").disabled = this.record.rows.every((row) => row.first < 0);
  }
}

// --- elements ------------------------------------------------------------------------------------

/** Text is only ever set as text: labels come from people. */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function makeIcon(path, { size = 14, ...style }) {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", `0 0 ${size} ${size}`);
  icon.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  Object.assign(shape.style, { strokeWidth: 2, strokeLinejoin: "round", fill: "none", ...style });
  icon.append(shape);
  return icon;
}

function makeRow(row, hue, tall) {
  const wrong = row.first >= 0 ? "wrong" : "";
  const name = make("div", "name"), label = make("b", "", row.label);
  label.prepend(makeIcon(SHAPES[row.mark] ?? SHAPES.square, { fill: row.hollow ? "none" : hue, stroke: hue }));
  name.append(label, make("small", "", row.note), make("span", `status ${wrong}`, row.title));
  const card = make("div", `card ${wrong}`);
  card.append(make("b", "", row.title), make("small", "", row.detail));
  const parts = [name, make("div", `plot ${tall ? "tall" : ""}`), card];
  for (const part of parts) part.dataset.row = "";
  return parts;
}

/** The key names only forms that this drawing has. */
function makeKey({ rows, reading, missing }) {
  const ink = { stroke: "currentColor", strokeLinecap: "round" };
  const full = { fill: "currentColor" }, thin = { ...ink, strokeWidth: 1.4 };
  const dot = (x) => `M${x} 9m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
  const verdict = "says open, says closed";
  const entry = (className, text, ...shapes) => {
    const item = make("li", className);
    const [icon, ...more] = shapes.map(([path, style]) => makeIcon(path, { size: 18, ...style }));
    icon.append(...more.map((other) => other.firstChild));
    item.append(icon, make("span", "", text));
    return item;
  };
  return [
    entry("", "the true count", ["M0 3h18v12H0z", { fill: "var(--area)" }]),
    entry("", reading, ["M1 9h16", { ...ink, strokeWidth: 2.75 }]),
    entry("dots", verdict, [dot(4), full], [dot(14), thin]),
    entry("strip", verdict, ["M0 6h9v6H0z", full], ["M9 6.7h8.5M9 11.3h8.5", thin]),
    rows.some((row) => row.first >= 0) &&
      entry("", "a mistake", ["m5 5 8 8m0-8-8 8", { ...ink, stroke: "var(--ink)" }]),
    rows.some((row) => row.counts.some(Number.isNaN)) &&
      entry("", `∞: no count, it ${missing}`, ["M1 13 7 5M6 13l6-8M11 13l6-8", thin]),
  ].filter(Boolean);
}

// --- the theme -------------------------------------------------------------------------------------

function readHues(style) {
  const list = style.getPropertyValue("--st-chart-categorical-colors");
  return list.split(/,(?![^(]*\))/).map((hue) => hue.trim());
}

/** Colours and fonts for the canvas, which cannot read custom properties itself. */
function readLook(root) {
  const probe = root.appendChild(make("i", ""));
  const style = getComputedStyle(probe);
  const color = (name) => ((probe.style.color = `var(${name})`), style.color);
  probe.style.fontFamily = "var(--st-code-font)";
  const mono = style.fontFamily, { fontFamily } = getComputedStyle(root);
  const look = {
    ink: color("--ink"),
    ink2: color("--ink-2"),
    paper: color("--paper"),
    line: color("--line"),
    area: color("--area"),
    hues: readHues(getComputedStyle(root)),
    small: `400 14px ${fontFamily}`,
    bold: `600 14px ${fontFamily}`,
    code: (size) => `500 ${size}px ${mono}`,
    scale: window.devicePixelRatio || 1,
  };
  probe.remove();
  return look;
}
