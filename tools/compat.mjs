/**
 * Runs the tests with other versions of Node, TensorFlow.js and TypeScript: `npm run test:compat`, see
 * docs/guide/compatibility.md.
 *
 * Each combination is set up in a copy of the clone, including uncommitted changes. Exit status: 0 all passed, 1 if
 * not, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { FLAGS } from "./compat/flags.mjs";
import { LEFT_OUT } from "./compat/quick.mjs";
import { script } from "./flags.mjs";

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  try {
    const { setUp } = await import("./setup.mjs");
    await setUp();
    const { combinationsOf } = await import("./compat/combinations.mjs");
    const combinations = await combinationsOf(options);
    if (options.quick) for (const line of quickLines()) console.log(line);
    return await tryAll(combinations);
  } catch (error) {
    console.error(`compat: ${error.message}`);
    return error instanceof RangeError ? 2 : 1;
  }
}

async function tryAll(combinations) {
  const total = { passed: 0, failed: 0 };
  for (const { name, run } of combinations) {
    const start = performance.now();
    process.stdout.write(`== ${name} ... `);
    const { passed, failed, skipped, output } = await run();
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    console.log(`${counts} (${Math.round((performance.now() - start) / 1000)} s)`);
    if (failed > 0) console.log(output);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

function quickLines() {
  return ["--quick leaves out:", ...LEFT_OUT.map((line) => `  ${line}`)];
}

process.exitCode = await script(
  { name: "compat", call: "npm run test:compat --", flags: FLAGS, notes: quickLines() },
  main,
);
