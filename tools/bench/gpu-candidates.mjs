/** The candidates of a comparison on a GPU. */
import { join, resolve } from "node:path";
import { root } from "../pnpm.mjs";

/** Option of the JAX program: runs XLA's loops as CUDA graphs. */
const LOOP_IN_GRAPH = "--xla=--xla_gpu_enable_command_buffer=+WHILE,+CONDITIONAL,+DYNAMIC_SLICE_FUSION";

/** The fastest variants of each peer; the peers' own script runs the others. */
const PEERS = [
  { name: "JAX", script: "bench_jax.py", args: ["--remat=none"] },
  { name: "JAX, loop in a CUDA graph", script: "bench_jax.py", args: ["--remat=none", LOOP_IN_GRAPH], onlyGpu: true },
  { name: "PyTorch, compiled", script: "bench_torch.py", args: ["--mode=compile"], onlyCpu: true },
  {
    name: "PyTorch, compiled, CUDA graph",
    script: "bench_torch.py",
    args: ["--mode=cudagraph", "--body=compile"],
    onlyGpu: true,
  },
  {
    name: "PyTorch, compiled, CUDA graph, products as sums",
    script: "bench_torch.py",
    args: ["--mode=cudagraph", "--body=compile", "--dots=mulsum"],
    onlyGpu: true,
  },
  { name: "PyTorch, CUDA graph", script: "bench_torch.py", args: ["--mode=cudagraph", "--body=eager"], onlyGpu: true },
];

/**
 * @param {object} options - the command's, by the names of its flags.
 * @returns {import("./candidates.mjs").Candidate[]} in the order in which they run.
 */
export function gpuCandidates({ backends, peers, python, platform, seconds, workloads }) {
  const ours = backends.map((backend) => {
    const args = (workload) => [`--workload=${workload}`, `--backend=${backend}`, `--seconds=${seconds}`, "--json"];
    return {
      name: `@dnc, ${backend}`,
      ours: true,
      command: (workload) => [process.execPath, join(root, "tools/bench.mjs"), ...args(workload)],
      display: (workload) => ["npm run bench --", ...args(workload)].join(" "),
      workloads,
    };
  });
  if (peers === undefined) return ours;
  const taking = PEERS.filter(({ onlyGpu, onlyCpu }) => (platform === "gpu" ? !onlyCpu : !onlyGpu));
  return [
    ...ours,
    ...taking.map(({ name, script, args: more }) => {
      const args = (workload) => [`--workload=${workload}`, `--platform=${platform}`, `--seconds=${seconds}`, ...more];
      return {
        name,
        ours: false,
        command: (workload) => [python, join(resolve(peers), script), ...args(workload)],
        display: (workload) => ["python", script, ...args(workload)].join(" "),
        workloads,
      };
    }),
  ];
}
