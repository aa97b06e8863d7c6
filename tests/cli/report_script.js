// SPDX-License-Identifier: Apache-2.0
// Runs the script of a report in the least of a browser: node report_script.js PAGE FRAGMENT [KEY=VALUE | sort=COLUMN | on]…
// Prints, as JSON, the rows that are shown, the line above them and the fragment at the end.
"use strict";
const page = require("fs").readFileSync(process.argv[2], "utf8");
const scripts = [...page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];

class Element {
  constructor(name) {
    Object.assign(this, { name, children: [], listeners: {}, attributes: {}, dataset: {}, textContent: "", value: "", hidden: true });
  }
  append(...more) { this.children.push(...more); }
  replaceChildren(...more) { this.children = more; }
  addEventListener(name, does) { this.listeners[name] = does; }
  setAttribute(name, value) { this.attributes[name] = value; }
  removeAttribute(name) { delete this.attributes[name]; }
  scrollIntoView() {}
  text() { return this.textContent + this.children.map((child) => child.text()).join(""); }
}
// A list takes no value that it does not offer; so does the one of a browser.
class Select extends Element {
  set value(asked) { this.chosen = ["", ...(this.children || []).map((option) => option.value)].includes(asked) ? asked : ""; }
  get value() { return this.chosen; }
}
const elements = {};
for (const [, id] of page.matchAll(/ id="([^"]+)"/g)) elements[id] = new Element(id);
elements.rows.textContent = scripts.find(([, attributes]) => attributes.includes("rows"))[2];
Object.assign(elements.filters, { status: new Select(), code: new Select(), stage: new Select(), text: new Element() });
elements.list.tBodies = [new Element()];
elements.list.tHead = new Element();
const headings = [...page.matchAll(/data-sort="(\w+)"/g)].map(([, key]) =>
  Object.assign(new Element(), { dataset: { sort: key }, parentElement: new Element() }));

global.document = {
  getElementById: (id) => elements[id], createElement: (name) => new Element(name), querySelectorAll: () => headings,
};
global.Option = class extends Element {
  constructor(text, value) { super("option"); Object.assign(this, { textContent: text, value }); }
};
global.location = { hash: process.argv[3] };
global.history = { replaceState: (state, title, url) => { location.hash = url; } };
global.addEventListener = () => {};
new Function(scripts.find(([, attributes]) => !attributes)[2])();

for (const action of process.argv.slice(4)) {
  const [key, value] = action.split("=");
  if (key === "sort") elements.list.tHead.listeners.click({ target: headings.find((one) => one.dataset.sort === value) });
  else if (key === "on" || key === "back") elements[key].listeners.click();
  else {
    elements.filters[key].value = value;
    elements.filters.listeners.input();
  }
}
console.log(JSON.stringify({
  rows: elements.list.tBodies[0].children.map((row) => row.children.map((cell) => cell.text())),
  shown: elements.shown.textContent, fragment: location.hash, hidden: elements.table.hidden,
  sorted: headings.filter((one) => one.parentElement.attributes["aria-sort"]).map((one) => one.dataset.sort),
}));
