/** Times a workload and collects everything that goes into a line of results. */
import { cpus } from "node:os";
// Internal to the trainer, hence imported by path: starts a backend; TensorFlow.js as the trainer loads it.
import { probeBackend } from "../../apps/trainer/dist/backends/select-backend.js";
import { tf } from "../../apps/trainer/dist/tensorflow.js";
import { busyCores, coreSeconds, waitUntilIdle } from "./cores.mjs";
import { quantiles } from "./quantiles.mjs";
import { WORKLOADS } from "./workloads.mjs";

/** Warm-up before the timed part: minimum number of iterations, and fraction of the timed part's length. */
const WARM_UP = { iterations: 4, share: 0.1 };
/** Minimum number of iterations in the timed part, however long they take. */
const MIN_ITERATIONS = 5;
/** Maximum number of iterations that are queued before results are read. */
const MAX_QUEUED = 2000;

/**
 * @param {object} options - the command's, by the names of its flags.
 * @param {number} options.settingUp - time since the process started that was spent on setting up the clone, in
 *   milliseconds.
 */
export async function measure({ workload: name, backend, engine, threads, instruction_set, seconds, ...options }) {
  tf.enableProdMode();
  const started = await probeBackend(backend);
  if (!started.works) throw new TypeError(`--backend=${backend}: ${started.reason}; ${started.fix}`);
  const workload = WORKLOADS[name];
  const subject = await createSubject(engine, workload, { threads, instructionSet: instruction_set });

  const lossFirst = await subject.step(0);
  const firstStep = performance.now() - options.settingUp;
  subject.makeBatches();
  const used = await subject.ready();
  let index = 1;
  const warm = performance.now() + 1000 * seconds * WARM_UP.share;
  while (index < WARM_UP.iterations || performance.now() < warm) await subject.step(index++);
  if (options.wait_idle > 0) {
    await waitUntilIdle(options.wait_idle);
    await subject.step(index++);
  }
  const timed = await timeIterations(subject, index, seconds);

  const { p10, p50, p90 } = quantiles(timed.milliseconds);
  const count = Math.min(MAX_QUEUED, Math.max(MIN_ITERATIONS, Math.round((500 * seconds) / p50)));
  const pipelined = subject.queue && (await timeQueued(subject, index + timed.milliseconds.length, count));
  return {
    peer: engine === "ops" ? "dnc-ops" : "dnc",
    workload: name,
    backend,
    engine,
    device: started.description,
    threads,
    threads_used: used,
    instruction_set: subject.instructionSet,
    it_per_s_median: rounded(1000 / p50, 3),
    it_per_s_pipelined: pipelined === undefined ? null : rounded(pipelined, 3),
    ms_p10: rounded(p10, 4),
    ms_p50: rounded(p50, 4),
    ms_p90: rounded(p90, 4),
    gflop_per_s: rounded(workload.flops / p50 / 1e6, 2),
    iterations: timed.milliseconds.length,
    rss_mb: rounded(process.resourceUsage().maxRSS / 1024, 1),
    first_step_s: rounded(firstStep / 1000, 3),
    loss_first: rounded(lossFirst, 4),
    loss_last: rounded(timed.loss, 4),
    own_cores: rounded(timed.busy.own, 3),
    other_cores: timed.busy.other === null ? null : rounded(timed.busy.other, 3),
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
  };
}

/** Creates what is measured: a network and its training on an engine. */
export async function createSubject(engine, workload, options) {
  if (engine === "ops") return (await import("./subject-ops.mjs")).opsSubject(workload);
  if (engine === "webgpu") return (await import("./subject-webgpu.mjs")).webGpuSubject(workload);
  if (engine === "native") return (await import("./subject-native.mjs")).nativeSubject(workload, options);
  return (await import("./subject-wasm.mjs")).wasmSubject(workload, options);
}

/** Measures iterations per second from iteration `first` on, without reading results before the last one is done. */
async function timeQueued(subject, first, count) {
  const start = performance.now();
  for (let index = first; index < first + count; index++) subject.queue(index);
  await subject.finish();
  return (1000 * count) / (performance.now() - start);
}

/** Runs iterations sequentially from number `first` on and times each. */
async function timeIterations(subject, first, seconds) {
  const milliseconds = [];
  const before = coreSeconds();
  const end = performance.now() + 1000 * seconds;
  let loss = Number.NaN;
  for (let start = performance.now(); start < end || milliseconds.length < MIN_ITERATIONS; ) {
    loss = await subject.step(first + milliseconds.length);
    const now = performance.now();
    milliseconds.push(now - start);
    start = now;
  }
  return { milliseconds, loss, busy: busyCores(before, coreSeconds()) };
}

function rounded(value, digits) {
  return Number(value.toFixed(digits));
}
