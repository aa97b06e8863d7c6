// SPDX-License-Identifier: Apache-2.0
// The style of the reading edition: light, dark and print; interventions by sign and line, not by colour alone.
#include "html.hpp"

#include <algorithm>

namespace html {
namespace {

constexpr std::string_view fixed = R"css(
:root { color-scheme: light dark; --paper: #fdfcf9; --ink: #1b1b1b; --soft: #52504b; --line: #8a867c; --link: #0b4f8a; --tint: #f1eee6; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181b; --ink: #e8e4da; --soft: #b9b4a8; --line: #7d786c; --link: #92c7ff; --tint: #22262b; }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 Georgia, "Noto Serif", "Times New Roman", "Noto Serif CJK SC", serif; }
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:target { outline: 2px solid var(--link); outline-offset: 0.25em; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.5rem; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.8em 0 0.6em; }
h1 { font-size: 1.7rem; margin-top: 0.5em; }
h2 { font-size: 1.35rem; }
h3, h4, h5, h6 { font-size: 1.1rem; }
.record, .cast, .legend, .notes { border-top: 1px solid var(--line); font-size: 0.92rem; }
.record { border: 0; }
.cast h2, .legend h2, .notes h2 { font-size: 1.05rem; margin: 1em 0 0.4em; }
.record dl, .legend dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
.record dt, .legend dt { color: var(--soft); max-width: 12rem; }
.record dd, .legend dd { grid-column: 2; margin: 0; }
.cast ul { list-style: none; margin: 0.4rem 0 1rem; padding: 0; }
.cast li { margin: 0.2rem 0; }
.part, .count { color: var(--soft); }
.text { border-top: 1px solid var(--line); padding-top: 0.5rem; }
.subtitle { color: var(--soft); font-size: 1.05rem; margin: 0.2em 0; }
.speech { margin: 1.2em 0; }
.speech > p { margin: 0.3em 0 0.7em; }
.speaker { font-weight: bold; }
.speaker a { color: inherit; text-decoration-style: dotted; text-decoration-line: underline; }
.stage { font-style: italic; margin: 1.2em 0 1.2em 2rem; }
.continued { margin-left: 0; }
blockquote { border-left: 3px solid var(--line); margin: 1em 0; padding-left: 1.2rem; }
pre { background: var(--tint); overflow-x: auto; padding: 0.7rem; white-space: pre-wrap; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
table { border-collapse: collapse; margin: 1em 0; }
caption, figcaption, .caption { color: var(--soft); font-size: 0.92rem; text-align: left; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: start; vertical-align: top; }
img { height: auto; max-width: 100%; }
.verse { white-space: pre-line; }
.underline { text-decoration: underline; }
.small-caps { font-variant: small-caps; }
.page { border: 1px solid var(--line); border-radius: 0.2rem; color: var(--soft); font: 0.7rem/1 system-ui, sans-serif; margin: 0 0.25em; padding: 0.1em 0.35em; vertical-align: 0.15em; white-space: nowrap; }
.call { font-size: 0.75em; line-height: 0; }
.note { margin: 0.6em 0; padding-left: 2rem; position: relative; }
.note > .number { left: 0; position: absolute; }
.note p { margin: 0 0 0.3em; }
.ed { text-decoration: underline; text-decoration-color: var(--soft); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.ed::after, .sign { color: var(--soft); font: bold 0.7em/1 system-ui, sans-serif; vertical-align: 0.5em; }
.ed.part::after { content: none; }
.marked { border-bottom: 1px dotted var(--soft); }
time, .date { font-variant-numeric: lining-nums; }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #333; --line: #777; --link: #000; --tint: #fff; }
  html { font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  .skip, .back { display: none; }
  a { text-decoration: none; }
  h1, h2, h3, h4, .speaker { break-after: avoid; }
  p { orphans: 2; widows: 2; }
  figure, table, .note { break-inside: avoid; }
}
)css";

}  // namespace

std::string style_sheet() {
  return std::string(fixed) + edition::intervention_rules();
}

}  // namespace html
