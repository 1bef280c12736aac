/** Builds the programs of packages/engine-native/test/fuzz with a sanitizer. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "../pnpm.mjs";
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
const COMMON = ["-std=gnu11", "-O1", "-g", "-fPIC", "-fno-stack-protector", "-Wno-unused-function"];
/** Of each sanitizer: the program, and the files of the addon that it needs. */
const PROGRAMS = {
  address: { program: "fuzz.c", addon: ["network.c", "sizes.c", "failure.c"] },
  thread: { program: "threads.c", addon: ["network.c", "sizes.c", "failure.c", "choice.c", "pool.c"] },
};

/** What clang calls and gcc's library of the thread sanitizer does not have. */
const SHIM = `
#include <string.h>
void *__tsan_memcpy(void *to, const void *from, size_t size) { return memcpy(to, from, size); }
void *__tsan_memmove(void *to, const void *from, size_t size) { return memmove(to, from, size); }
void *__tsan_memset(void *to, int value, size_t size) { return memset(to, value, size); }
`;
/** The interface of the address sanitizer that fuzz.c needs: compilers do not ship each other's headers. */
const INTERFACE = `
#pragma once
#include <stddef.h>
void __asan_poison_memory_region(void const volatile *start, size_t size);
void __asan_unpoison_memory_region(void const volatile *start, size_t size);
#define ASAN_POISON_MEMORY_REGION(start, size) __asan_poison_memory_region(start, size)
#define ASAN_UNPOISON_MEMORY_REGION(start, size) __asan_unpoison_memory_region(start, size)
`;

/**
 * Builds a program.
 *
 * @param {"address" | "thread"} sanitizer
 * @param {4 | 8 | 16} lanes
 * @param compiler - as `findCompiler` returns it.
 * @param {string} parent - an existing folder for what is built.
 * @returns {Promise<string>} the program's path.
 * @throws BuildError if a compiler fails or there is no gcc.
 */
export async function sanitized(sanitizer, lanes, compiler, parent) {
  const folder = join(parent, `${sanitizer}-${lanes}`);
  mkdirSync(join(folder, "sanitizer"), { recursive: true });
  const layout = readFileSync(join(KERNEL, "layout.c"), "utf8");
  // Forbidden bytes lie between the arrays, so that an access beyond one does not find the next.
  const apart = sanitizer === "address" ? layout.replace("* 64 : 0", "* 64 + 64 : 64") : layout;
  if (sanitizer === "address" && apart === layout)
    throw new BuildError("layout.c: expected the sizes of arrays as before");
  writeFileSync(join(folder, "layout.c"), apart);
  writeFileSync(join(folder, "fields.h"), fieldsHeader(readFileSync(join(KERNEL, "plan.h"), "utf8"), layout));
  writeFileSync(join(folder, "sanitizer", "asan_interface.h"), INTERFACE);
  writeFileSync(join(folder, "shim.c"), SHIM);
  const { program, addon } = PROGRAMS[sanitizer];
  const kernel = [join(KERNEL, "network.c"), join(folder, "layout.c")];
  const others = [...addon.map((name) => join(ADDON, name)), join(ADDON, "../test/fuzz", program)];
  const cc = compiler.kind === "zig" ? [...compiler.command, "cc", "-fno-sanitize=undefined"] : compiler.command;
  const include = [KERNEL, folder, ADDON].map((path) => `-I${path}`);
  const objects = [];
  for (const file of [...kernel, ...others]) {
    const object = join(folder, `${objects.length}.o`);
    const exported = kernel.includes(file) ? ["-DEXPORT(name)=name##_fuzz"] : [];
    await call([
      ...cc,
      ...COMMON,
      ...LANES[lanes],
      `-fsanitize=${sanitizer}`,
      ...exported,
      ...include,
      "-c",
      file,
      "-o",
      object,
    ]);
    objects.push(object);
  }
  const built = join(folder, "program");
  const shim = sanitizer === "thread" ? ["-fno-builtin", join(folder, "shim.c")] : [];
  await call(["gcc", `-fsanitize=${sanitizer}`, ...shim, ...objects, "-lm", "-lpthread", "-o", built]);
  return built;
}

async function call(command) {
  const caches = { ZIG_GLOBAL_CACHE_DIR: join(home, "zig-cache"), ZIG_LOCAL_CACHE_DIR: join(home, "zig-cache") };
  try {
    const { status, output } = await run(command, { env: { ...process.env, ...caches } });
    if (status !== 0) throw new BuildError(`the compiler said:\n${output.trim()}`);
  } catch (error) {
    if (error instanceof BuildError) throw error;
    throw new BuildError(`${command[0]} does not start (${error.code})`);
  }
}
