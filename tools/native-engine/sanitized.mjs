/** Builds the programs of packages/engine-native/test/fuzz with a sanitizer. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process.mjs";
import { ADDON, KERNEL } from "./compile.mjs";
import { BuildError } from "./compiler.mjs";
import { fieldsHeader } from "./fields.mjs";

/** Compiler flags for each number of lanes. */
const LANES = {
  4: [],
  8: ["-mavx2", "-mfma"],
  16: ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma"],
};
const COMMON = ["-std=gnu11", "-O1", "-g", "-fPIC", "-Wno-unused-function", "-fno-sanitize-recover=all"];

/**
 * Of each sanitizer: what clang calls it, the program that runs under it, and the files of the addon that the program needs. The address
 * sanitizer and that of undefined behaviour run together.
 *
 * @type {Record<string, { flag: string, program: string, addon: string[] }>}
 */
export const SANITIZERS = {
  "address, undefined": {
    flag: "address,undefined,float-cast-overflow",
    program: "fuzz.c",
    addon: ["network.c", "sizes.c", "failure.c"],
  },
  memory: { flag: "memory", program: "defined.c", addon: ["network.c", "sizes.c", "failure.c"] },
  thread: { flag: "thread", program: "threads.c", addon: ["network.c", "sizes.c", "failure.c", "choice.c", "pool.c"] },
};

/**
 * Builds a program.
 *
 * @param {string} name - a key of `SANITIZERS`.
 * @param {4 | 8 | 16} lanes
 * @param {string[]} clang - the command of clang, which must have its libraries of the sanitizers.
 * @param {string} parent - an existing folder for what is built.
 * @returns {Promise<string>} the program's path.
 * @throws BuildError if the compiler fails.
 */
export async function sanitized(name, lanes, clang, parent) {
  const { flag, program, addon } = SANITIZERS[name];
  const folder = join(parent, `${program}-${lanes}`);
  mkdirSync(folder);
  const layout = readFileSync(join(KERNEL, "layout.c"), "utf8");
  // Forbidden bytes lie between the arrays, so that an access beyond one does not find the next.
  const apart = program === "fuzz.c" ? layout.replace("* 64 : 0", "* 64 + 64 : 64") : layout;
  if (program === "fuzz.c" && apart === layout)
    throw new BuildError("layout.c: expected the sizes of arrays as before");
  writeFileSync(join(folder, "layout.c"), apart);
  writeFileSync(join(folder, "fields.h"), fieldsHeader(readFileSync(join(KERNEL, "plan.h"), "utf8"), layout));
  const command = [...clang, ...COMMON, ...LANES[lanes], `-fsanitize=${flag}`];
  command.push(...[KERNEL, folder, ADDON].map((path) => `-I${path}`));
  const objects = [];
  for (const file of [join(KERNEL, "network.c"), join(folder, "layout.c")]) {
    objects.push(join(folder, `${objects.length}.o`));
    await call([...command, "-DEXPORT(name)=name##_fuzz", "-c", file, "-o", objects.at(-1)]);
  }
  const others = [...addon.map((file) => join(ADDON, file)), join(ADDON, "../test/fuzz", program)];
  const built = join(folder, "program");
  await call([...command, ...others, ...objects, "-lm", "-lpthread", "-o", built]);
  return built;
}

async function call(command) {
  const { status, output } = await run(command);
  if (status !== 0) throw new BuildError(`the compiler said:\n${output.trim()}`);
}
