import { skippedLine } from "./skipped.mjs";

/**
 * A vitest reporter that ends with the plain line `N passed, N failed`; the line before it lists skipped tests and the
 * reasons. A file that cannot be run counts as failed.
 */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.length };
    const skipped = [];
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "skipped") skipped.push(test.fullName);
        else counts[state] += 1;
      }
    }
    if (counts.passed + counts.failed === 0) process.exitCode = 1;
    const lines = skipped.length > 0 ? [skippedLine(skipped)] : [];
    lines.push(`${counts.passed} passed, ${counts.failed} failed`);
    // After the last lines of other reporters.
    process.once("exit", () => process.stdout.write(lines.map((line) => `${line}\n`).join("")));
  }
}
