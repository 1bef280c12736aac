/** Work that is counted as that of scripts. */
const SCRIPTS = new Set(["FunctionCall", "FireAnimationFrame", "EvaluateScript", "TimerFire", "EventDispatch"]);

/**
 * Reads the frames of a page from a trace of Chromium.
 *
 * @param events - of the categories devtools.timeline and toplevel.
 * @returns per frame in milliseconds, medians and 95th percentiles: the interval to the next one, the time that the main thread works, and
 *   that of scripts.
 */
export function framesOf(events) {
  const main = events.find(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const thread = mainThread(events, main);
  const own = events.filter(({ pid, tid }) => pid === thread.pid && tid === thread.tid);
  const starts = own.filter(({ name }) => name === "FireAnimationFrame").map(({ ts }) => ts);
  starts.sort((a, b) => a - b);
  const tasks = outermost(own.filter(({ name, ph }) => ph === "X" && /RunTask$/.test(name)));
  const scripts = outermost(own.filter(({ name, ph }) => ph === "X" && SCRIPTS.has(name)));
  const frames = starts.slice(0, -1).map((start, index) => {
    const end = starts[index + 1];
    const during = (all) => all.reduce((sum, { ts, dur }) => sum + overlap(ts, ts + dur, start, end), 0) / 1000;
    return { interval: (end - start) / 1000, work: during(tasks), script: during(scripts) };
  });
  const summary = (key) => {
    const sorted = frames.map((frame) => frame[key]).sort((a, b) => a - b);
    const at = (share) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2));
    return { median: at(0.5), p95: at(0.95) };
  };
  return { frames: frames.length, interval: summary("interval"), work: summary("work"), script: summary("script") };
}

/** The main thread of the page: that with the most animation frames; names of threads may have been sent before. */
function mainThread(events, named) {
  const counts = new Map();
  for (const { name, pid, tid } of events)
    if (name === "FireAnimationFrame") counts.set(`${pid} ${tid}`, (counts.get(`${pid} ${tid}`) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!most) return { pid: named?.pid, tid: named?.tid };
  const [pid, tid] = most[0].split(" ").map(Number);
  return { pid, tid };
}

/** Leaves out what lies within another one. */
function outermost(events) {
  let end = 0;
  return [...events]
    .sort((a, b) => a.ts - b.ts)
    .filter(({ ts, dur }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}

function overlap(from, to, start, end) {
  return Math.max(0, Math.min(to, end) - Math.max(from, start));
}
