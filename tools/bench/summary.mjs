/** A result as two lines of text. */

/** @param {Awaited<ReturnType<typeof import("./measure.mjs").measure>>} result */
export function summary(result) {
  const { workload, it_per_s_median: rate, ms_p10, ms_p50, ms_p90 } = result;
  const [low, middle, high] = [ms_p10, ms_p50, ms_p90].map(significant);
  const busy = result.other_cores === null ? "" : `; other processes kept ${result.other_cores.toFixed(2)} cores busy`;
  return [
    `${workload}, ${how(result)}: ${significant(rate)} it/s, ${middle} ms (10%: ${low}, 90%: ${high}), ` +
      `${significant(result.gflop_per_s)} GFLOP/s, ${result.iterations} iterations`,
    `peak memory ${result.rss_mb.toFixed(0)} MB, first iteration ${result.first_step_s.toFixed(2)} s after the start, ` +
      `${queued(result)}loss ${result.loss_first} to ${result.loss_last}${busy}; Node ${result.node}, ${result.cpu}`,
  ].join("\n");
}

function queued({ it_per_s_pipelined: rate }) {
  return rate === null ? "" : `${significant(rate)} it/s if nothing is read in between, `;
}

function how({ engine, backend, device, instruction_set, threads, threads_used }) {
  if (engine === "ops") return backend === "cpu" ? "TensorFlow.js ops" : `TensorFlow.js ops (${device})`;
  if (engine === "webgpu") return `fused kernels (${device})`;
  const count = threads === threads_used ? `${threads}` : `${threads_used} (of ${threads} requested)`;
  const kernel = engine === "native" ? "native" : "WebAssembly";
  return `fused ${kernel} kernel (${instruction_set}), ${count} thread${count === "1" ? "" : "s"}`;
}

function significant(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
