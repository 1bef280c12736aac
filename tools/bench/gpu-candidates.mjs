/** The candidates of a comparison on a GPU. */
import { join, resolve } from "node:path";
import { root } from "../pnpm.mjs";

/** Option of the JAX program: runs XLA's loops as CUDA graphs. */
const LOOP_IN_GRAPH = "--xla=--xla_gpu_enable_command_buffer=+WHILE,+CONDITIONAL,+DYNAMIC_SLICE_FUSION";
const GRAPH = "--mode=cudagraph";

/**
 * Variants of each peer, the ones that are expected to be fastest first. Those marked `usual` are timed if no variant has been tried
 * before. `platform` and `workloads` restrict where a variant runs.
 */
const VARIANTS = [
  { peer: "JAX", name: "JAX", args: ["--remat=none"], usual: true },
  {
    peer: "PyTorch",
    name: "PyTorch, compiled, CUDA graph",
    args: [GRAPH, "--body=compile"],
    platform: "gpu",
    usual: true,
  },
  { peer: "PyTorch", name: "PyTorch, compiled", args: ["--mode=compile"], platform: "cpu", usual: true },
  {
    peer: "JAX",
    name: "JAX, loop in a CUDA graph",
    args: ["--remat=none", LOOP_IN_GRAPH],
    platform: "gpu",
    usual: true,
  },
  { peer: "PyTorch", name: "PyTorch, CUDA graph", args: [GRAPH, "--body=eager"], platform: "gpu", usual: true },
  { peer: "JAX", name: "JAX, unrolled", args: ["--remat=none", "--unroll=0"], platform: "gpu", workloads: ["S"] },
  {
    peer: "PyTorch",
    name: "PyTorch, compiled, CUDA graph, products as sums",
    args: [GRAPH, "--body=compile", "--dots=mulsum"],
    platform: "gpu",
    usual: true,
  },
  { peer: "JAX", name: "JAX, unrolled by 4", args: ["--remat=none", "--unroll=4"], platform: "gpu" },
  {
    peer: "JAX",
    name: "JAX, unrolled by 4, loop in a CUDA graph",
    args: ["--remat=none", "--unroll=4", LOOP_IN_GRAPH],
    platform: "gpu",
  },
  { peer: "JAX", name: "JAX, recomputing", args: [] },
  {
    peer: "JAX",
    name: "JAX, plain gradients",
    args: ["--remat=none", "--linkgrad=auto", "--wgrad=scan"],
    platform: "gpu",
  },
  {
    peer: "PyTorch",
    name: "PyTorch, compiled as a whole, CUDA graph",
    args: [GRAPH, "--body=compile-unroll"],
    platform: "gpu",
    workloads: ["S"],
  },
];

const SCRIPTS = { JAX: "bench_jax.py", PyTorch: "bench_torch.py" };

/** The names of the peers. */
export const PEERS = Object.keys(SCRIPTS);

/**
 * Returns a Python program that ends with an error if a peer cannot run.
 *
 * @param {string} peer - name of the peer.
 * @param {"gpu" | "cpu"} platform - where it has to run.
 */
export function peerCheck(peer, platform) {
  if (peer === "JAX")
    return platform === "cpu" ? "import jax" : 'import jax; assert jax.devices()[0].platform != "cpu", "no GPU"';
  return platform === "cpu" ? "import torch" : 'import torch; assert torch.cuda.is_available(), "no GPU"';
}

/** Returns our candidates for a workload; `options` are the command's, by the names of its flags. */
export function ourCandidates({ backends, seconds }, workload) {
  return backends.map((backend) => {
    const args = [`--workload=${workload}`, `--backend=${backend}`, `--seconds=${seconds}`, "--json"];
    return {
      name: `@dnc, ${backend}`,
      ours: true,
      command: [process.execPath, join(root, "tools/bench.mjs"), ...args],
      display: ["npm run bench --", ...args].join(" "),
    };
  });
}

/**
 * Returns all variants of the peers for a workload.
 *
 * @param {object} options - the command's, by the names of its flags.
 * @param {string} workload
 * @param {readonly string[]} present - the peers that run on this machine.
 */
export function peerCandidates({ peers, python, platform, seconds }, workload, present) {
  return VARIANTS.filter((variant) => present.includes(variant.peer))
    .filter((variant) => (variant.platform ?? platform) === platform)
    .filter((variant) => variant.workloads?.includes(workload) ?? true)
    .map(({ peer, name, args: more, usual = false }) => {
      const script = SCRIPTS[peer];
      const args = [`--workload=${workload}`, `--platform=${platform}`, `--seconds=${seconds}`, ...more];
      return {
        ...{ peer, name, usual, ours: false },
        command: [python, join(resolve(peers), script), ...args],
        display: ["python", script, ...args].join(" "),
      };
    });
}

/**
 * Picks the fastest variants of each peer: one per measure of speed, which are often the same.
 *
 * @param variants - result of `peerCandidates`.
 * @param {object[]} tried - result lines of earlier single runs of variants on the workload; a later line for a variant counts
 *   instead of an earlier one. If a peer has none, its usual variants are returned.
 */
export function fastestVariants(variants, tried) {
  const latest = new Map(tried.map((line) => [line.candidate, line]));
  return PEERS.flatMap((peer) => {
    const own = variants.filter((variant) => variant.peer === peer);
    if (!own.some(({ name }) => latest.has(name))) return own.filter(({ usual }) => usual);
    const best = ["it_per_s_median", "it_per_s_pipelined"].map((key) => {
      const rate = ({ name }) => latest.get(name)?.[key] ?? 0;
      return own.reduce((a, b) => (rate(b) > rate(a) ? b : a));
    });
    return [...new Set(best)].filter(({ name }) => latest.get(name)?.error === undefined && latest.has(name));
  });
}
