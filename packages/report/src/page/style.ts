import { THEME } from "./theme.js";

/** The style sheet of the page: light and dark, wide and narrow, on paper. */
export const STYLE = `
${THEME}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 .5rem; font-size: clamp(1.75rem, 5vw, 2.5rem); letter-spacing: -.02em; }
h2 { margin: 0 0 .25rem; font-size: 1.35rem; letter-spacing: -.01em; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
section { margin-top: 3.25rem; }
p { max-width: 44rem; margin: .25rem 0 1rem; }
.over { margin: 0 0 .35rem; color: var(--accent); font-size: .8rem; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; }
.lede { font-size: 1.125rem; overflow-wrap: anywhere; }
.note, small, .across, figcaption small { color: var(--muted); }
.alert { padding: .75rem 1rem; border-left: 4px solid var(--alert); background: var(--card); }
.alert strong { color: var(--alert); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875rem; }
code { overflow-wrap: anywhere; }
code span { display: inline-block; max-width: 100%; }
time { white-space: nowrap; }
dl.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
dl.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
dl.figures dt { color: var(--muted); font-size: .875rem; }
dl.figures dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -.02em; line-height: 1.25; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 1.5rem 0 0; }
dl.facts dt { color: var(--muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; }
figcaption { font-weight: 600; }
figcaption small { font-weight: 400; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
.chart { padding: 1rem 1.25rem .6rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.chart.large { margin-top: 1.25rem; }
.chart .plot { padding: .9rem 1.25rem 1.75rem 3.25rem; }
.chart .plot > svg { display: block; width: 100%; height: 10rem; overflow: visible; }
.chart.large .plot > svg { height: clamp(13rem, 34vw, 20rem); }
.chart svg svg { overflow: visible; }
.chart text { fill: var(--muted); font-size: .75rem; font-variant-numeric: tabular-nums; }
.chart line { stroke: var(--line); }
.chart .axis { stroke: var(--muted); }
.chart .mark { stroke: var(--muted); stroke-dasharray: 4 4; }
.chart path { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.chart .dot { stroke-width: 8; }
.chart .plot { position: relative; cursor: crosshair; touch-action: pan-y; outline-offset: -2px; }
.chart .across { margin: 0; max-width: none; text-align: center; font-size: .75rem; }
.samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13.5rem), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
.samples figure { min-width: 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.samples pre { margin: .6rem 0 0; line-height: 1.4; }
.graphs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
.graphs figure { min-width: 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.graphs svg { display: block; width: 100%; height: auto; margin-top: .6rem; }
.graphs .graph-picture { --card: inherit; }
@media (prefers-color-scheme: dark) { .graphs .graph-picture { --right: #5ec5c9; --wrong: #f08c70; --missed: #e0b44c; } }
@media print { .graphs .graph-picture { --right: #0f7f87; --wrong: #c8341a; --missed: #b8860b; } }
.boards figure { margin-top: 1.25rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.boards svg { display: block; max-width: 100%; height: auto; margin-top: .6rem; }
.graphs pre, .boards pre { margin: .6rem 0 0; line-height: 1.4; }
pre, .scroll { overflow-x: auto; }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--accent); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.list { margin-top: .75rem; font-size: .9375rem; }
.list th, .list td { padding: .35rem 1.25rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.list thead th { color: var(--muted); font-weight: 500; white-space: nowrap; }
.list tbody th { font-weight: 500; white-space: nowrap; }
.list .number { text-align: right; white-space: nowrap; }
.list .own { font-weight: 700; }
.list .help { color: var(--muted); overflow-wrap: anywhere; }
.config .long { white-space: normal; overflow-wrap: anywhere; max-width: 20rem; }
.map { margin-top: .75rem; border-collapse: separate; border-spacing: 2px; }
.map caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .4rem; }
.map th { padding: .3rem .5rem; color: var(--muted); font-weight: 500; font-size: .875rem; text-align: right; }
.map thead th { text-align: center; }
.map .corner { text-align: right; white-space: nowrap; }
.map td { position: relative; min-width: 3rem; padding: .55rem .3rem; border-radius: 3px; text-align: center; background: var(--little); background: color-mix(in oklab, var(--much) var(--share), var(--little)); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.map td.much { color: var(--on-much); }
.map td::after { content: ""; position: absolute; inset: -2px; pointer-events: none; border: 0 solid var(--trained); }
.map td.top::after { border-top-width: 3px; }
.map td.bottom::after { border-bottom-width: 3px; }
.map td.left::after { border-left-width: 3px; }
.map td.right::after { border-right-width: 3px; }
.key { display: inline-block; width: 1.1em; height: .8em; border: 3px solid var(--trained); border-radius: 2px; }
.ramp { vertical-align: baseline; border-radius: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3.5rem; padding-bottom: 3rem; color: var(--muted); font-size: .875rem; }
footer p { border-top: 1px solid var(--line); padding-top: 1rem; max-width: none; }
@media (max-width: 34rem) {
  header { padding-top: 2rem; }
  section { margin-top: 2.5rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .6rem; }
  dl.figures { grid-template-columns: 1fr 1fr; }
  dl.figures dd { font-size: 1.3rem; }
  .chart { padding: .8rem .8rem .5rem; }
  .chart .plot { padding-left: 2.9rem; padding-right: .9rem; }
  .list th, .list td { padding-right: .75rem; }
  .list thead th, .list time { white-space: normal; }
  .config thead { display: none; }
  .config tr { display: grid; grid-template-columns: 1fr auto; padding: .45rem 0; border-bottom: 1px solid var(--line); }
  .config tbody th, .config td { padding: 0; border: 0; }
  .config .help { grid-column: 1 / -1; font-size: .875rem; line-height: 1.4; }
}
@media print {
  :root { color-scheme: light; --paper: #ffffff; --card: #ffffff; --ink: #000000; --muted: #444444; --line: #bbbbbb; --accent: #0d6b73; --little: #edf0ef; --much: #0f6f77; --on-much: #ffffff; --trained: #c8541f; --mark: #f8d3c8; }
  body { font-size: 10pt; }
  section, figure, tr, dl { break-inside: avoid; }
  section { margin-top: 2rem; }
  mark, img { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
