/** Styles of curves of several runs, of parallel coordinates, and of the pages that compare runs. */
export const COMPARISON_STYLE = `
@media print { :root { --c1: #0d6b73; --c2: #c94f00; --c3: #5148c8; --c4: #94700a; --c5: #b0408a; --c6: #2f8a4e; --c7: #6a7077; } }
${[1, 2, 3, 4, 5, 6, 7].map((n) => `.c${n} { color: var(--c${n}); }`).join("\n")}
.chart path { stroke: currentColor; }
.chart path.run { stroke-width: 1; opacity: .3; }
.chart path.band { fill: currentColor; fill-opacity: .16; stroke: none; }
.chart path.faint { fill-opacity: .08; }
.chart path.dashed { stroke-dasharray: 6 5; }
.swatch { display: inline-block; width: 1.1rem; margin-right: .5rem; border-top: 3px solid currentColor; vertical-align: .25em; }
.swatch.dashed { border-top-style: dashed; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: 1rem 0 0; padding: 0; list-style: none; font-size: .9375rem; }
.legend small { white-space: nowrap; }
.spread { color: var(--muted); }
.list.data thead th { white-space: normal; vertical-align: bottom; }
.data tbody th { white-space: normal; min-width: 10rem; padding-left: 1.6rem; text-indent: -1.6rem; overflow-wrap: anywhere; }
.data.short { font-size: .875rem; }
.data.short th, .data.short td { padding-right: .8rem; }
.data.short tbody th { min-width: 3.5rem; }
.parallel { margin-top: 1.25rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); }
.parallel svg { display: block; width: 100%; min-width: 40rem; height: auto; }
.parallel .scroll { touch-action: pan-x pan-y; outline-offset: 4px; }
.parallel path.on { stroke: var(--ink); stroke-width: 3; stroke-opacity: 1; }
.parallel .picking path[data-line]:not(.on), .parallel .picking circle { opacity: .35; }
.remarks { max-width: 44rem; margin: .5rem 0 0; padding-left: 1.1rem; color: var(--muted); }
.files { margin: .4rem 0 0; max-width: none; overflow: hidden; }
.files .save { position: static; }
.files .save button { margin-left: 0; }
@media (max-width: 34rem) {
  .data thead { display: none; }
  .data, .data tbody { display: block; }
  .data tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .data tbody th, .data td { display: flex; gap: .35rem; padding: .1rem 0; border: 0; white-space: normal; }
  .list.data thead th { white-space: normal; vertical-align: bottom; }
.data tbody th { align-items: baseline; gap: 0; padding-left: 0; text-indent: 0; font-weight: 600; }
  .data tbody th .swatch { flex: none; }
  .data td::before { content: attr(data-label); margin-right: auto; color: var(--muted); }
}
`;
