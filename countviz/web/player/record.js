// What the server sent, and plain facts about it. Nothing here draws.
// The parts record.js, paint.js and player.js are joined, in this order, into one module.

/** Undo the packing: header length, header as JSON, float32 series, one byte of flags a symbol. */
function unpack(bytes) {
  const block = bytes.slice().buffer; // a copy starts at 0, as typed arrays need
  const size = new DataView(block).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(block, 4, size)));
  const symbols = Array.from(header.string);
  const length = symbols.length;
  let offset = 4 + size;
  const floats = () => new Float32Array(block, (offset += 4 * length) - 4 * length, length);
  const truth = floats();
  const counts = header.rows.map(floats);
  const rows = header.rows.map((row, k) => {
    const flags = new Uint8Array(block, offset + k * length, length);
    const { missing } = header;
    return { ...row, missing, counts: counts[k], open: (t) => flags[t] & 1, wrong: (t) => flags[t] >> 1 };
  });
  for (const row of rows) row.first = findMistake([row], length, -1);
  return { ...header, symbols, length, truth, rows };
}

/** The first mistake of any row after symbol `from`, or -1. */
function findMistake(rows, length, from) {
  for (let t = from + 1; t < length; t++) if (rows.some((row) => row.wrong(t))) return t;
  return -1;
}

/** Where a reader should look first: the first wrong row's first mistake, else the end. */
function chooseStart({ rows, length }) {
  return rows.find((row) => row.first >= 0)?.first ?? length - 1;
}

/** Smallest and largest finite value; [Infinity, -Infinity] if there is none. */
function extent(values, from = 0, to = values.length) {
  let low = Infinity, high = -Infinity;
  for (let t = Math.max(0, from); t < Math.min(values.length, to); t++) {
    if (!Number.isFinite(values[t])) continue;
    if (values[t] < low) low = values[t];
    if (values[t] > high) high = values[t];
  }
  return [low, high];
}

/** Runs [from, to) of symbols for which `test(t)` holds. */
function findRuns(length, test) {
  const runs = [];
  for (let t = 0; t < length; t++) {
    if (!test(t)) continue;
    const from = t;
    while (t < length && test(t)) t++;
    runs.push([from, t]);
  }
  return runs;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** A count for people: one decimal at most, a real minus sign. */
function say(value) {
  if (!Number.isFinite(value)) return "∞";
  const rounded = Math.round(value * 10) / 10 + 0; // + 0 turns −0 into 0
  const text = Math.abs(rounded) < 1e6 ? rounded.toLocaleString("en-US") : value.toPrecision(3);
  return text.replace("-", "−");
}

/** What one row says after symbol t, in words. */
function phrase(record, row, t) {
  const value = row.counts[t], never = !Number.isFinite(value);
  const reads = never ? row.missing : `reads ${say(value)}`;
  if (!row.wrong(t)) return `${row.label} ${reads}`;
  const open = Boolean(row.open(t));
  if (open === record.truth[t] > 0) return `${row.label} is wrong about what may come (${reads})`;
  return `${row.label} wrongly says ${open ? "open" : "closed"} (${never ? reads : say(value)})`;
}

/** The sentence at symbol t, as pairs of text and the tag that sets it. */
function sentence(record, t) {
  const meaning = t < record.legal ? "true count " : "outside the language, balance ";
  const tell = (row, k) => [[k ? ", " : "; ", ""], [phrase(record, row, t), row.wrong(t) ? "b" : ""]];
  return [
    [`At ${record.noun} `, ""], [say(t + 1), "b"], [", ", ""], [record.symbols[t], "code"],
    [` : ${meaning}`, ""], [say(record.truth[t]), "b"], ...record.rows.flatMap(tell), [".", ""],
  ];
}

/** The whole drawing in a sentence, for those who do not see it. */
function describe(record) {
  const top = say(Math.max(0, extent(record.truth)[1]));
  const rows = record.rows.map((row) => [row.label, row.title, row.remark].filter(Boolean).join(", "));
  const truth = `The true count of ${say(record.length)} symbols, at most ${top}`;
  return `${truth}, and what the models read: ${rows.join("; ")}.`;
}
