/** Builds the native engine for several targets, one process at a time. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../lock.mjs";
import { home } from "../pnpm.mjs";
import { build } from "./compile.mjs";

/**
 * Builds binaries that are not in the cache, and puts all of them into their packages. Prints a line for each on standard error.
 *
 * @param {string[]} targets - keys of `TARGETS`.
 * @param getCompiler - returns what `findCompiler` returns; called once, while no other process builds.
 * @throws BuildError if there is no compiler, or it fails.
 */
export async function buildAll(targets, getCompiler) {
  mkdirSync(home, { recursive: true });
  const onWait = () => console.error("Another process is building the native engine: waiting for it.");
  const work = async () => {
    const compiler = await getCompiler();
    for (const target of targets) await buildOne(target, compiler);
  };
  await withLock(join(home, "native-engine.lock"), work, { onWait });
}

async function buildOne(target, compiler) {
  const start = performance.now();
  const { file, isCached } = await build(target, compiler);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const kilobytes = Math.round(statSync(file).size / 1024);
  console.error(
    `Native engine for ${target}: ${kilobytes} KB, ${isCached ? "unchanged" : `${compiler.version}, ${seconds} s`}`,
  );
}
