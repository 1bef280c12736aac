/**
 * Makes a folder that measures training on a bare Linux machine with an NVIDIA GPU, without a network:
 *
 *     npm run bundle:gpu -- --out=DIR --peers=DIR
 *
 * It has everything but the driver and Python: Node.js, WebGPU and the Vulkan loader, the built packages with their
 * production dependencies, the reference cases, and a script, run.sh. Completes the set-up of the clone first, if
 * necessary. Exit status: 0 done, 1 if something failed, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DEVELOPMENT } from "./dependencies.mjs";
import { script, UsageError } from "./flags.mjs";
import { root } from "./pnpm.mjs";

const MIB = 2 ** 20;
const FLAGS = {
  out: { kind: "text", default: "gpu-bundle", help: "folder of the bundle; an earlier bundle there is replaced" },
  peers: { kind: "text", help: "folder of the peers' scripts, to run beside ours (default: no peers)" },
};

function check(options) {
  const here = process.env.INIT_CWD ?? process.cwd(); // npm starts scripts in the clone's root
  const { out, peers } = options;
  options.out = out === FLAGS.out.default ? join(root, out) : resolve(here, out);
  if (peers !== undefined) {
    options.peers = resolve(here, peers);
    if (!existsSync(join(options.peers, "bench_jax.py")))
      throw new UsageError(`--peers: expected a folder with bench_jax.py, got "${peers}".`);
  }
  if (existsSync(options.out) && readdirSync(options.out).length > 0 && !existsSync(join(options.out, "bundle.json")))
    throw new UsageError(`--out: expected a new folder, an empty one or an earlier bundle, got "${out}".`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ out, peers }) {
  try {
    if (`${process.platform} ${process.arch}` !== "linux x64")
      throw new Error(`expected Linux on x64, whose Node.js is bundled, got ${process.platform} on ${process.arch}`);
    const { setUp } = await import("./setup.mjs");
    await setUp({ groups: DEVELOPMENT });
    const { makeBundle } = await import("./gpu-bundle/make.mjs");
    const { bytes, files, leftOut } = await makeBundle({ out, peers });
    console.log(`${out}: ${files} files, ${(bytes / MIB).toFixed(1)} MiB. On the machine with the GPU: ./run.sh`);
    if (leftOut.length > 0)
      console.log(`Not on this machine with their licence, so not in the bundle: ${leftOut.join(", ")}`);
    return 0;
  } catch (error) {
    console.error(`bundle:gpu: ${error.message}`);
    return 1;
  }
}

process.exitCode = await script({ name: "bundle:gpu", call: "npm run bundle:gpu --", flags: FLAGS, check }, main);
