/** Renders what was measured as Markdown. */
export function inspectorReport({ machine, commit, date, load, browser, bytes, paint, opening, rounds }) {
  const rows = rounds.map(({ milliseconds, frames, interval, work, script }, index) => {
    const cells = [interval, work, script].flatMap(({ median, p95 }) => [median, p95]);
    return `| ${index + 1} | ${(milliseconds / 1000).toFixed(1)} | ${frames} | ${cells.join(" | ")} |`;
  });
  return `# How smoothly the inspector shows a large trace

A trace of 256 slots of 64 numbers over 200 time steps with four read heads (${(bytes / 1e6).toFixed(0)} MB of JSON), opened in the page and played at one
time step per frame. Times are in milliseconds, from the browser's own trace: the interval between frames (16.7 on a screen of 60 Hz), how
long the main thread works for a frame, and how long scripts do.

| round | whole, s | frames | interval, median | 95% | work, median | 95% | scripts, median | 95% |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Opening it took ${(opening.milliseconds / 1000).toFixed(1)} s; a worker reads it. The longest times for which the page did not react meanwhile:
${opening.longestGaps.map((gap) => gap.toFixed(0)).join(", ")} ms.

The page itself shows its first content after ${[...paint].sort((a, b) => a - b)[Math.floor(paint.length / 2)]} ms (median of ${paint.join(", ")}; nothing cached).

- Machine: ${[machine].flat().join(", ")}; load ${load.toFixed(1)} at the end
- Browser: ${browser}; it draws with the CPU
- Commit: ${commit}, ${date}
- Command: \`node tools/bench/inspector.mjs\`; numbers: [raw.json](raw.json)
`;
}
