/**
 * Logs each training step of the native or the WebAssembly engine as a line, for
 * `node --import .../step-log.mjs apps/trainer/bin/dnc.js ...`: a hash of the batch, the loss, the gradients' norm, and
 * the number of threads. The variable `STEP_LOG` names the file, which must not exist.
 */
import { createHash } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../pnpm.mjs";

const engine = (name) => import(pathToFileURL(join(root, `packages/engine-${name}/dist/index.js`)).href);
const [{ NativeTrainer }, { WasmTrainer }] = await Promise.all(["native", "wasm"].map(engine));
const log = openSync(process.env.STEP_LOG, "wx");

for (const { prototype } of [NativeTrainer, WasmTrainer]) {
  const { step } = prototype;
  prototype.step = function (batch) {
    const hash = createHash("sha256");
    for (const array of [batch.inputs, batch.targets, batch.mask]) hash.update(array);
    const result = step.call(this, batch);
    const { loss, globalNorm } = result;
    writeSync(
      log,
      `${JSON.stringify({ batch: hash.digest("hex").slice(0, 12), loss, globalNorm, threads: this.threadsUsed })}\n`,
    );
    return result;
  };
}
