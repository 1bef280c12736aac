/** Styles of the timeline of a trace, of values under the pointer, and of the buttons that save charts. */
export const TIMELINE_STYLE = `
.locations { margin: 1.25rem 0 1.5rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.locations svg { display: block; }
.locations figcaption { margin-top: .6rem; max-width: 60rem; font-size: .875rem; font-weight: 400; color: var(--muted); }
.timeline { --labels: 6.75rem; --edge: rgb(255 255 255 / .55); margin-top: 1.25rem; }
.timeline .strips { position: relative; min-width: 0; }
.timeline .clock + h3 { margin-top: .9rem; padding-top: 0; border: 0; }
.timeline h3 { margin: 2rem 0 .25rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 1.05rem; }
.clock, .strip { display: grid; grid-template-columns: var(--labels) minmax(0, calc(var(--steps) * 2.75rem)) minmax(0, 1fr); column-gap: .6rem; }
.clock { position: sticky; top: 0; z-index: 2; padding: .5rem 0 .3rem; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .75rem; line-height: 1.2; color: var(--muted); }
.clock .rows { align-self: end; text-align: right; }
.phases { position: relative; height: calc(var(--lines) * 1rem + .5rem); }
.phase { position: absolute; bottom: 0; left: calc(var(--from) * 100% / var(--steps)); width: calc(var(--size) * 100% / var(--steps) - 1px); height: .3rem; border-radius: 1px; background: var(--muted); }
.phase.even { opacity: 1; background: color-mix(in oklab, var(--muted) 45%, var(--paper)); }
.phase.counts { background: var(--accent); }
.phase span { position: absolute; left: 0; bottom: calc(.35rem + (var(--lines) - 1 - var(--line)) * 1rem); white-space: nowrap; color: var(--ink); font-weight: 500; }
.phase span::before { content: ""; position: absolute; left: 0; top: 100%; width: 1px; height: calc((var(--lines) - 1 - var(--line)) * 1rem); background: var(--line); }
.phase.counts span { color: var(--accent); }
.ticks { position: relative; height: 1.05rem; margin-top: .2rem; font-variant-numeric: tabular-nums; }
.ticks span { position: absolute; left: calc((var(--from) + .5) * 100% / var(--steps)); transform: translateX(-50%); }
.strip { margin-top: .7rem; }
.strip > figcaption { grid-column: 1 / -1; box-sizing: border-box; max-width: max(33rem, calc(var(--labels) + .6rem + var(--steps) * 2.75rem)); padding-left: calc(var(--labels) + .6rem); margin-bottom: .2rem; font-size: .875rem; line-height: 1.35; }
.strip > figcaption small, .film > figcaption small, .last > figcaption small { color: var(--muted); }
.strip .rows { margin: 0; padding: 0; list-style: none; overflow: hidden; color: var(--muted); font-size: .72rem; text-align: right; font-variant-numeric: tabular-nums; }
.strip .rows li { display: flex; align-items: center; justify-content: flex-end; }
.strip .rows span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; line-height: 1; }
.strip .rows.numbers { overflow: visible; font-size: .625rem; }
.strip .rows.numbers li { align-items: flex-start; }
.strip .rows.numbers span { margin-top: calc((var(--row) - 1em) / 2); }
.cells { position: relative; outline-offset: 2px; cursor: crosshair; touch-action: pan-y; }
.cells img { display: block; width: 100%; image-rendering: pixelated; }
.strip .cells::before { content: ""; position: absolute; inset: 0; background: var(--edges); pointer-events: none; }
.live .strip .cells::after { content: ""; position: absolute; top: -2px; bottom: -2px; left: calc(var(--now) * 100% / var(--steps)); width: calc(100% / var(--steps)); box-shadow: 0 0 0 1.5px var(--trained); border-radius: 1px; pointer-events: none; }
.mark { position: absolute; pointer-events: none; box-shadow: 0 0 0 2px #ffffff, 0 0 0 3.5px #111111; z-index: 1; }
.mark.line { width: 1px; box-shadow: none; background: var(--muted); z-index: auto; }
.mark.spot { width: 9px; height: 9px; margin: -4.5px; border-radius: 50%; box-shadow: 0 0 0 2px var(--card); background: currentColor; }
.group { margin-top: 1.1rem; padding-top: .6rem; border-top: 1px solid var(--line); }
.group summary { font-weight: 600; }
.film, .last { margin-top: 1rem; }
.film > figcaption, .last > figcaption, .link figcaption { font-size: .875rem; line-height: 1.35; }
.frames { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr)); gap: .5rem; margin-top: .4rem; max-width: calc(10 * 5.5rem); }
.frames figcaption { margin-top: .15rem; text-align: center; font-size: .75rem; font-weight: 400; line-height: 1.2; color: var(--muted); font-variant-numeric: tabular-nums; }
.frames .on .cells { box-shadow: 0 0 0 2px var(--trained); }
.frames .on figcaption { color: var(--ink); font-weight: 600; }
.last .cells { display: inline-block; margin-top: .4rem; max-width: 100%; }
.last img { max-width: 100%; }
.now { padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.now .step { margin: 0; font-size: .875rem; }
.now input { width: 100%; margin: .3rem 0 .6rem; accent-color: var(--accent); }
.now .link { margin-top: .5rem; }
.now .cells { margin-top: .3rem; max-width: 17rem; }
.now .note { margin: .6rem 0 0; font-size: .8rem; line-height: 1.4; }
figcaption:has(> .save) { position: relative; padding-right: 5.75rem; }
.save { position: absolute; right: 0; top: 0; font-weight: 400; white-space: nowrap; }
.save a, .save button { margin-left: .3rem; padding: 0 .35rem; border: 1px solid var(--line); border-radius: .3rem; background: none; color: var(--muted); font: inherit; font-size: .7rem; line-height: 1.5; text-decoration: none; display: inline-block; cursor: pointer; }
.save a:hover, .save button:hover { color: var(--accent); border-color: currentColor; }
.tip { position: fixed; z-index: 5; max-width: 20rem; padding: .4rem .6rem; border-radius: .4rem; background: #111b20; color: #f2f5f6; font-size: .8rem; line-height: 1.4; white-space: pre-line; overflow-wrap: anywhere; pointer-events: none; font-variant-numeric: tabular-nums; border: 1px solid rgb(255 255 255 / .2); box-shadow: 0 2px 10px rgb(0 0 0 / .3); }
.tip[hidden] { display: none; }
@media (min-width: 62rem) {
  .timeline.linked { display: grid; grid-template-columns: minmax(0, calc(var(--labels) + 1.2rem + max(12, var(--steps)) * 2.75rem)) 16.5rem; column-gap: 2.5rem; align-items: start; }
  .timeline.linked .now { position: sticky; top: 1rem; }
}
@media (max-width: 61.99rem) {
  .timeline.linked { display: flex; flex-direction: column-reverse; gap: 1rem; }
  .now { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); column-gap: 1.25rem; }
  .now .step, .now input, .now .note { grid-column: 1 / -1; }
}
@media (max-width: 34rem) {
  .timeline { --labels: 5.5rem; }
  .strip .rows { font-size: .66rem; }
  .strip .rows.numbers { font-size: .625rem; }
  .clock, .strip { column-gap: .4rem; }
  .strip > figcaption { padding-left: 0; }
  .frames { grid-template-columns: repeat(auto-fill, minmax(3.9rem, 1fr)); }
}
@media print { .save, .tip { display: none; } .clock { position: static; } }
`;
