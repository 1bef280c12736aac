/** The candidates of a comparison, and the command that times each. */
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/**
 * @typedef {object} Candidate
 * @property {string} name - unique name in tables.
 * @property {boolean} ours
 * @property {(workload: string) => string[]} command - program and arguments.
 * @property {(workload: string) => string} display - the command as displayed, without paths of this machine.
 * @property {readonly string[]} workloads - the workloads that it runs.
 */

const KERNELS = { native: "native", wasm: "WebAssembly" };

/**
 * @param {object} options - the command's, by the names of its flags.
 * @returns {Candidate[]} in the order in which they run.
 */
export function candidates(options) {
  const { engines, peers, python, seconds, wait_idle, workloads, torch_modes, torch_threads, skip_compile } = options;
  const timing = (separator) => [
    `--seconds=${seconds}`,
    ...(wait_idle > 0 ? [`--wait${separator}idle=${wait_idle}`] : []),
  ];
  const ours = (engine, threads) => {
    const args = (workload) => [
      ...[`--workload=${workload}`, "--backend=cpu", `--engine=${engine}`, `--threads=${threads}`],
      ...[...timing("_"), "--json"],
    ];
    return {
      name: `@dnc, ${KERNELS[engine]}, ${counted(threads)}`,
      ours: true,
      command: (workload) => [process.execPath, join(root, "tools/bench.mjs"), ...args(workload)],
      display: (workload) => ["npm run bench --", ...args(workload)].join(" "),
      workloads,
    };
  };
  const peer = (name, script, threads, more, takesPart = workloads) => {
    const args = (workload) => [`--workload=${workload}`, `--threads=${threads}`, ...more, ...timing("-")];
    return {
      name: `${name}, ${counted(threads)}`,
      ours: false,
      command: (workload) => [python, join(peers, script), ...args(workload)],
      display: (workload) => ["python", script, ...args(workload)].join(" "),
      workloads: takesPart,
    };
  };
  const torch = torch_modes.flatMap((mode) =>
    torch_threads.map((threads) => {
      const takesPart = workloads.filter((workload) => mode === "eager" || !skip_compile.includes(workload));
      return peer(`PyTorch, ${mode}`, "bench_torch.py", threads, [`--mode=${mode}`], takesPart);
    }),
  );
  const own = engines.flatMap((engine) => [ours(engine, 1), ours(engine, 2)]);
  return [...own, peer("JAX", "bench_jax.py", 1, []), peer("JAX", "bench_jax.py", 2, []), ...torch];
}

function counted(threads) {
  return `${threads} thread${Number(threads) === 1 ? "" : "s"}`;
}
