"use strict";
// The table of documents: read from the page's data, filtered, sorted and paged; the state is in the URL's fragment.
(() => {
  const pageSize = 50;
  const data = JSON.parse(document.getElementById("rows").textContent);
  let before = "";
  const rows = data.rows.map(([shared, rest, status, code, stage, took, peak, worker, bytes]) => {
    before = before.slice(0, shared) + rest;
    return {
      name: before, status: status < 0 ? "" : data.statuses[status].name, sign: status < 0 ? "" : data.statuses[status].sign,
      code: code < 0 ? "" : data.codes[code], stage: stage < 0 ? "" : data.stages[stage], took, peak, worker, bytes,
    };
  });
  data.rows = null;

  const byId = (id) => document.getElementById(id);
  const filters = byId("filters"), body = byId("list").tBodies[0];
  const columns = ["name", "status", "code", "stage", "took", "peak", "worker", "bytes"];
  const numeric = new Set(["took", "peak", "worker", "bytes"]);
  const keys = ["status", "code", "stage", "text"];

  for (const key of ["status", "code", "stage"]) {
    const counts = new Map();
    for (const row of rows) if (row[key]) counts.set(row[key], (counts.get(row[key]) || 0) + 1);
    const options = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 200);
    for (const [name, count] of options) filters[key].append(new Option(`${name} (${shownCount(count)})`, name));
  }

  function shownCount(n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  }
  function shownTime(ms) {
    if (!(ms > 0)) return "0 ms";
    if (ms < 9.95) return `${ms.toFixed(ms < 0.995 ? 2 : 1)} ms`;
    if (ms < 999.5) return `${ms.toFixed(0)} ms`;
    if (ms < 59950) return `${(ms / 1000).toFixed(1)} s`;
    const seconds = Math.round(ms / 1000), two = (n) => String(n).padStart(2, "0");
    return seconds < 3600 ? `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
      : `${shownCount(Math.floor(seconds / 3600))} h ${two(Math.floor(seconds % 3600 / 60))} m`;
  }
  function shownSize(bytes) {
    if (bytes < 1024) return `${bytes} B`;
    const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let unit = 0, size = bytes / 1024;
    for (; size >= 1023.5 && unit + 1 < units.length; ++unit) size /= 1024;
    return `${size.toFixed(size < 99.95 ? 1 : 0)} ${units[unit]}`;
  }

  function readState() {
    const state = { sort: "", down: false, page: 1 };
    const parts = new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");
    for (const key of keys) state[key] = parts.get(key) || "";
    if (columns.includes(parts.get("sort"))) state.sort = parts.get("sort");
    state.down = parts.get("down") === "1";
    state.page = Math.max(1, Number.parseInt(parts.get("page"), 10) || 1);
    return state;
  }
  // A fragment that begins with ? is a state of the table; all others lead to sections.
  function keepState() {
    const parts = new URLSearchParams();
    for (const key of keys) if (state[key]) parts.set(key, state[key]);
    if (state.sort) parts.set("sort", state.sort);
    if (state.down) parts.set("down", "1");
    if (state.page > 1) parts.set("page", String(state.page));
    const text = parts.toString();
    if (text || location.hash.startsWith("#?")) history.replaceState(null, "", text ? `#?${text}` : "#documents");
  }

  let state = readState(), found = [];

  function select() {
    const text = state.text.toLowerCase();
    found = rows.filter((row) => (!state.status || row.status === state.status) && (!state.code || row.code === state.code) &&
      (!state.stage || row.stage === state.stage) &&
      (!text || row.name.toLowerCase().includes(text) || row.code.toLowerCase().includes(text)));
    if (state.sort) {
      const key = state.sort, turn = state.down ? -1 : 1;
      found.sort((a, b) => (a[key] < b[key] ? -turn : a[key] > b[key] ? turn : 0));
    }
  }

  function cell(kind, text, isNumber) {
    const made = document.createElement(kind);
    made.textContent = text;
    if (isNumber) made.className = "number";
    return made;
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    state.page = Math.min(state.page, pages);
    const first = (state.page - 1) * pageSize;
    body.replaceChildren(...found.slice(first, first + pageSize).map((row) => {
      const line = document.createElement("tr");
      const name = document.createElement("th"), kept = document.createElement("bdi");
      name.scope = "row";
      kept.textContent = row.name;
      name.append(kept);
      line.append(name, cell("td", `${row.sign} ${row.status}`), cell("td", row.code || "–"), cell("td", row.stage || "–"),
        cell("td", row.worker < 0 ? "–" : shownTime(row.took), true), cell("td", row.peak ? shownSize(row.peak * 1024) : "–", true),
        cell("td", row.worker < 0 ? "–" : String(row.worker), true), cell("td", shownSize(row.bytes), true));
      return line;
    }));
    byId("shown").textContent = found.length === 0 ? "No document is like that."
      : `${shownCount(first + 1)}–${shownCount(Math.min(first + pageSize, found.length))} of ${shownCount(found.length)}`;
    byId("page").textContent = `Page ${shownCount(state.page)} of ${shownCount(pages)}`;
    byId("back").disabled = state.page === 1;
    byId("on").disabled = state.page === pages;
    for (const button of document.querySelectorAll("[data-sort]")) {
      const heading = button.parentElement;
      if (button.dataset.sort === state.sort) heading.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
  }

  function fill() {
    for (const key of keys) filters[key].value = state[key];
    // A value that is in no row is no choice of the list.
    for (const key of keys) state[key] = filters[key].value;
  }
  function update() {
    select();
    show();
    keepState();
  }

  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => {
    state = { status: "", code: "", stage: "", text: "", sort: "", down: false, page: 1 };
    update();
  });
  filters.addEventListener("input", () => {
    for (const key of keys) state[key] = filters[key].value;
    state.page = 1;
    update();
  });
  byId("list").tHead.addEventListener("click", (event) => {
    const key = event.target.dataset.sort;
    if (!key) return;
    // Numbers are asked for to see the biggest.
    state.down = state.sort === key ? !state.down : numeric.has(key);
    state.sort = key;
    state.page = 1;
    update();
  });
  for (const [id, step] of [["back", -1], ["on", 1]])
    byId(id).addEventListener("click", () => {
      state.page += step;
      update();
    });
  addEventListener("hashchange", () => {
    if (!location.hash.startsWith("#?")) return;
    state = readState();
    fill();
    update();
  });

  byId("table").hidden = false;
  fill();
  update();
  if (location.hash.startsWith("#?")) byId("documents").scrollIntoView();
})();
