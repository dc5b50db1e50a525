// The drawing. `paintScore` draws everything that does not move, once, on a layer of its own;
// `paintFrame` copies that layer and adds the cursor, so a frame costs the same at any length.

const DOTS_UP_TO = 120; // columns; beyond, verdicts become a strip

/** Places of everything, read from the laid-out page: rectangles in pixels of the stage. */
function measure(stage, record) {
  const box = stage.getBoundingClientRect();
  const plots = [...stage.querySelectorAll(".plot")].map((plot) => plot.getBoundingClientRect());
  const left = plots[0].left - box.left, span = Math.max(1, plots[0].width);
  const column = span / record.length;
  const lane = (plot, above, below, [low, high]) => {
    const top = plot.top - box.top + above, floor = plot.bottom - box.top - below;
    const y = (value) => floor - ((clamp(value, low, high) - low) / (high - low)) * (floor - top);
    return { top, floor, low, high, y, marks: floor + below - 14 };
  };
  const [low, high] = extent(record.truth);
  const own = [Math.min(0, low), Math.max(1, high)];
  const truth = lane(plots[0], record.legal < record.length ? 26 : 10, 34, own);
  const rows = record.rows.map((row, k) => lane(plots[k + 1], 8, 24, withHeadroom(own, row.counts)));
  return {
    width: box.width, height: box.height, left, span, right: left + span, column, truth, rows,
    x: (t) => left + (t + 0.5) * column,
    at: (x) => clamp(Math.floor((x - left) / column), 0, record.length - 1),
    foot: (rows.at(-1) ?? truth).marks + 8,
    dots: record.length <= DOTS_UP_TO && column >= 4,
    letters: column >= 7,
    stacked: stage.closest(".stacked") !== null,
  };
}

/** The truth's scale, widened by at most a quarter where a model leaves it. */
function withHeadroom([low, high], counts) {
  const [least, most] = extent(counts), room = 0.25 * (high - low);
  return [clamp(least, low - room, low), clamp(most, high, high + room)];
}

function paintScore(g, record, place, look) {
  g.clearRect(0, 0, place.width, place.height);
  g.lineJoin = g.lineCap = "round";
  paintTruth(g, record, place, look);
  record.rows.forEach((row, k) => paintRow(g, record, row, place.rows[k], place, look));
}

function paintTruth(g, record, place, look) {
  const lane = place.truth;
  paintArea(g, record.truth, lane, place, look);
  g.strokeStyle = look.ink;
  g.lineWidth = place.column < 4 ? 1.5 : 2.25;
  traceSteps(g, record.truth, lane, place);
  g.stroke();
  if (place.letters) paintLetters(g, record, place, look);
}

/** Numbers and base lines are apart from the score: they never fade. */
function paintAxis(g, place, look) {
  g.font = look.small;
  g.fillStyle = look.ink2;
  g.textAlign = "right";
  g.textBaseline = "middle";
  const { low, high, y } = place.truth;
  const isClear = (value, k, all) => all.slice(0, k).every((other) => y(value) - y(other) >= 14);
  const numbers = [high, 0, low].filter(isClear);
  for (const value of numbers) g.fillText(say(value), place.left - 8, y(value));
  g.fillStyle = look.line;
  for (const lane of [place.truth, ...place.rows]) {
    g.fillRect(place.left, Math.round(lane.y(0)), place.span, 1);
  }
}

function paintLetters(g, record, place, look) {
  g.font = look.code(Math.min(16, Math.round(place.column * 0.5 + 10)));
  g.textAlign = "center";
  g.textBaseline = "middle";
  record.symbols.forEach((symbol, t) => {
    g.fillStyle = t < record.legal ? look.ink : look.ink2;
    g.fillText(symbol, place.x(t), place.truth.floor + 18);
  });
}

function paintOutside(g, record, place, look) {
  const from = place.left + record.legal * place.column, top = place.truth.top - 6;
  hatch(g, from, top, place.right - from, place.foot - top, look.line);
  g.font = look.small;
  g.fillStyle = look.ink2;
  g.textAlign = "right";
  g.textBaseline = "alphabetic";
  const text = "outside the language";
  g.fillText(text, Math.min(place.right, from + g.measureText(text).width), top - 6);
}

function paintRow(g, record, row, lane, place, look) {
  const hue = look.hues[row.color % look.hues.length];
  paintArea(g, record.truth, lane, place, look);
  paintNever(g, row, lane, place, look, hue);
  g.strokeStyle = hue;
  g.lineWidth = 2.75;
  g.setLineDash(row.hollow ? [6, 5] : []);
  traceLine(g, row.counts, lane, place);
  g.stroke();
  g.setLineDash([]);
  paintOvershoot(g, row, lane, place, look, hue);
  if (place.dots) paintDots(g, record, row, lane, place, look, hue);
  else paintStrip(g, record, row, lane, place, look, hue);
  paintCrosses(g, record, row, lane, place, look);
}

function paintArea(g, values, lane, place, look) {
  traceSteps(g, values, lane, place);
  g.lineTo(place.right, lane.y(0));
  g.lineTo(place.left, lane.y(0));
  g.fillStyle = look.area;
  g.fill();
}

/** Call `visit(x, low, high)` for each pixel that holds several symbols: no extreme is lost. */
function eachPixel(values, place, visit) {
  for (let pixel = 0; pixel < place.span; pixel++) {
    const from = Math.floor(pixel / place.column), to = Math.ceil((pixel + 1) / place.column);
    visit(place.left + pixel + 0.5, ...extent(values, from, to));
  }
}

function traceSteps(g, values, lane, place) {
  g.beginPath();
  if (place.column < 1) return traceEnvelope(g, values, lane, place);
  for (let t = 0; t < values.length; t++) {
    const x = place.left + t * place.column, y = lane.y(values[t]);
    g.lineTo(x, y);
    g.lineTo(x + place.column, y);
  }
}

function traceLine(g, values, lane, place) {
  g.beginPath();
  if (place.column < 1) return traceEnvelope(g, values, lane, place);
  for (const [from, to] of findRuns(values.length, (t) => Number.isFinite(values[t]))) {
    const stub = to - from > 1 ? 0 : 0.35 * place.column; // a value between two gaps is seen
    g.moveTo(place.x(from) - stub, lane.y(values[from]));
    for (let t = from; t < to; t++) g.lineTo(place.x(t) + stub, lane.y(values[t]));
  }
}

function traceEnvelope(g, values, lane, place) {
  let last = null;
  eachPixel(values, place, (x, low, high) => {
    if (low > high) return void (last = null);
    const ends = [lane.y(low), lane.y(high)];
    if (last === null) g.moveTo(x, ends[0]);
    else if (Math.abs(last - ends[0]) > Math.abs(last - ends[1])) ends.reverse();
    for (const y of ends) g.lineTo(x, y);
    last = ends[1];
  });
}

/** Where the model never closes there is no count: a hatched band at the top, marked ∞. */
function paintNever(g, row, lane, place, look, hue) {
  const text = `∞ ${row.missing}`;
  let free = -Infinity;
  g.textAlign = "left";
  g.textBaseline = "middle";
  g.font = look.bold;
  for (const [from, to] of findRuns(row.counts.length, (t) => !Number.isFinite(row.counts[t]))) {
    const x = place.left + from * place.column, width = (to - from) * place.column;
    hatch(g, x, lane.top - 4, width, 9, hue);
    if (x < free || x + 14 > place.right) continue;
    const words = width > 120 ? text : "∞";
    write(g, words, x + 2, lane.top + 14, look, false);
    free = x + g.measureText(words).width + 8;
  }
}

/** A small arrow at the extreme of each run that leaves the scale; the line goes on at the edge. */
function paintOvershoot(g, row, lane, place, look, hue) {
  for (const [sign, edge] of [[1, lane.high], [-1, lane.low]]) {
    const beyond = (t) => sign * (row.counts[t] - edge) > 1e-6 && Number.isFinite(row.counts[t]);
    let free = -Infinity;
    for (const [from, to] of findRuns(row.counts.length, beyond)) {
      const x = clamp((place.x(from) + place.x(to - 1)) / 2, place.left + 6, place.right - 6);
      if (x < free) continue;
      free = x + 40;
      const y = lane.y(edge) - (sign > 0 ? 6 : 9); // above the line, away from the marks
      g.beginPath();
      g.moveTo(x - 5, y + sign * 4);
      g.lineTo(x + 5, y + sign * 4);
      g.lineTo(x, y - sign * 4);
      g.closePath();
      g.lineWidth = 3;
      g.strokeStyle = look.paper;
      g.stroke();
      g.fillStyle = hue;
      g.fill();
    }
  }
}

function paintDots(g, record, row, lane, place, look, hue) {
  const radius = clamp(place.column * 0.29, 1.3, 3.4), ring = radius > 2 ? 1.4 : 0.9;
  g.lineWidth = ring;
  for (let t = 0; t < record.length; t++) {
    if (row.wrong(t)) continue;
    g.beginPath();
    g.arc(place.x(t), lane.marks, row.open(t) ? radius : radius - ring / 2, 0, 2 * Math.PI);
    g.strokeStyle = t < record.legal ? hue : look.ink2;
    g.fillStyle = row.open(t) ? g.strokeStyle : look.paper;
    g.fill();
    if (!row.open(t)) g.stroke();
  }
}

/** The strip that dots become: filled where open, an empty box where closed, half where both. */
function paintStrip(g, record, row, lane, place, look, hue) {
  for (let pixel = 0; pixel < place.span; pixel++) {
    const from = Math.floor(pixel / place.column);
    const to = Math.min(record.length, Math.max(from + 1, Math.floor((pixel + 1) / place.column)));
    let open = 0;
    for (let t = from; t < to; t++) open += row.open(t);
    g.fillStyle = from < record.legal ? hue : look.ink2;
    g.globalAlpha = open ? (open < to - from ? 0.55 : 1) : 0;
    g.fillRect(place.left + pixel, lane.marks - 3, 1, 6);
    g.globalAlpha = 1;
    g.fillRect(place.left + pixel, lane.marks - 3, 1, 1);
    g.fillRect(place.left + pixel, lane.marks + 2, 1, 1);
  }
}

function paintCrosses(g, record, row, lane, place, look) {
  const arm = clamp(place.column * 0.32, 3, 3.8);
  let free = -Infinity;
  for (let t = row.first; t >= 0; t = findMistake([row], record.length, t)) {
    const x = place.x(t);
    if (x < free) continue;
    free = x + clamp(place.column - 0.5, 6.5, 8); // the first of each bin; the next must not touch it
    g.beginPath();
    g.moveTo(x - arm, lane.marks - arm);
    g.lineTo(x + arm, lane.marks + arm);
    g.moveTo(x + arm, lane.marks - arm);
    g.lineTo(x - arm, lane.marks + arm);
    for (const [style, width] of [[look.paper, 5], [look.ink, 2.2]]) {
      g.strokeStyle = style;
      g.lineWidth = width;
      g.stroke();
    }
  }
}

/** Where the words at a row's first mistake fit without touching its line; null if there are none. */
function placeRemark(g, row, lane, place, look) {
  if (row.first < 0 || !row.remark) return null;
  g.font = look.bold;
  const width = g.measureText(row.remark).width, x = place.x(row.first);
  const sides = [x - 8 - width, x + 8].filter((left) => left >= place.left && left + width <= place.right);
  if (!sides.length) sides.push(clamp(x - width / 2, place.left, place.right - width));
  for (let y = lane.floor - 8; y >= lane.top + 4; y -= 4) {
    for (const left of sides) if (isFree(left, width, y, row, lane, place)) return { left, width, y, free: true };
  }
  return { left: sides[0], width, y: lane.top + 6, free: false };
}

function isFree(left, width, y, row, lane, place) {
  const [low, high] = extent(row.counts, place.at(left - 6), place.at(left + width + 6) + 1);
  if (low > high) return y > lane.top + 26; // no line here, but the words for a missing count
  const arrow = high < lane.low ? 14 : 0;
  return y - 11 > lane.y(low) || y + 11 < lane.y(high) - arrow;
}

function hatch(g, x, y, width, height, style) {
  g.save();
  g.beginPath();
  g.rect(x, y, width, height);
  g.clip();
  g.strokeStyle = style;
  g.lineWidth = 1;
  g.beginPath();
  for (let d = -height; d < width; d += 6) {
    g.moveTo(x + d, y + height);
    g.lineTo(x + d + height, y);
  }
  g.stroke();
  g.restore();
}

/** Words in ink; unless the place is free they get a rim of paper, to be readable over anything. */
function write(g, text, x, y, look, free) {
  g.lineWidth = 4;
  g.strokeStyle = look.paper;
  if (!free) g.strokeText(text, x, y);
  g.fillStyle = look.ink;
  g.fillText(text, x, y);
}

/** One frame. `view.at` is the cursor in columns (a fraction while it glides). */
function paintFrame(g, layer, record, place, look, view) {
  const x = place.x(view.at), now = Math.round(view.at), scale = look.scale;
  g.clearRect(0, 0, place.width, place.height);
  if (record.legal < record.length) paintOutside(g, record, place, look);
  paintAxis(g, place, look);
  paintCursor(g, x, place, look);
  const cut = view.veiled ? Math.round((x + place.column / 2) * scale) : layer.width;
  copyColumns(g, layer, 0, Math.min(cut, layer.width), scale);
  g.globalAlpha = 0.25;
  copyColumns(g, layer, cut, layer.width, scale);
  g.globalAlpha = 1;
  g.textBaseline = "middle";
  record.rows.forEach((row, k) => paintReading(g, row, k, now, x, place, look, view));
  paintSymbol(g, record, now, place, look);
}

function copyColumns(g, layer, from, to, scale) {
  const width = to - from, { height } = layer;
  if (width > 0) g.drawImage(layer, from, 0, width, height, from / scale, 0, width / scale, height / scale);
}

/** One line through all rows; where names stand between the rows, a piece in each. */
function paintCursor(g, x, place, look) {
  const pieces = [place.truth, ...place.rows].map((lane) => [lane.top - 6, lane.marks + 8]);
  g.fillStyle = look.ink;
  const whole = [[pieces[0][0], pieces.at(-1)[1] + 4]];
  for (const [top, end] of place.stacked ? pieces : whole) g.fillRect(x - 0.75, top, 1.5, end - top);
}

/** The words at the first mistake, and the row's value where the cursor crosses its line. */
function paintReading(g, row, k, now, x, place, look, view) {
  const lane = place.rows[k], remark = place.remarks[k], value = row.counts[now];
  g.font = look.bold;
  g.textAlign = "left";
  const told = !view.veiled || now >= row.first;
  if (remark && told) write(g, row.remark, remark.left, remark.y, look, remark.free);
  if (!Number.isFinite(value)) return;
  const y = lane.y(value), text = say(value), width = g.measureText(text).width;
  g.beginPath();
  g.arc(x, y, 4.5, 0, 2 * Math.PI);
  g.lineWidth = 2;
  g.strokeStyle = look.paper;
  g.fillStyle = look.hues[row.color % look.hues.length];
  g.fill();
  g.stroke();
  const level = clamp(y - 12, lane.top - 6, lane.floor);
  const end = Math.min(place.right + 20, place.width);
  const near = remark && told && Math.abs(level - remark.y) < 17;
  const hits = (left) => near && left < remark.left + remark.width + 4 && left + width > remark.left - 4;
  const inside = (left) => left > place.left - 4 && left + width < end;
  const fits = [x + 8, x - 8 - width].find((left) => inside(left) && !hits(left));
  if (fits !== undefined) write(g, text, fits, level, look, false);
}

/** The symbol under the cursor, inverted; with its neighbours where columns are too thin for print. */
function paintSymbol(g, record, now, place, look) {
  const x = place.x(now), y = place.truth.floor + 18, reach = place.letters ? 0 : 9;
  g.font = look.code(15);
  g.textAlign = "center";
  for (let t = now - reach; t <= now + reach; t++) {
    const spot = x + (t - now) * 10;
    if (t === now || !(t in record.symbols) || spot < place.left || spot > place.right) continue;
    g.fillStyle = look.ink2;
    g.fillText(record.symbols[t], spot, y);
  }
  g.beginPath();
  g.roundRect(x - 6.5, y - 11, 13, 21, 4);
  g.fillStyle = look.ink;
  g.fill();
  g.fillStyle = look.paper;
  g.fillText(record.symbols[now], x, y);
}
