/**
 * Tests sweeps over a real Ray cluster on this machine: `npm run test:ray`. Installs Ray with pip into `.tools/`. The last line is plain:
 * `N passed, N failed`, or `skipped` with the reason.
 *
 * `--record=FILE` also writes the result as Markdown.
 */
import "./node-version.mjs";
import { writeFileSync } from "node:fs";
import { commit, machineFacts } from "./bench/machine.mjs";
import { script } from "./flags.mjs";
import { sweepWithFaults } from "./ray/faults.mjs";
import { installRay, RAY } from "./ray/install.mjs";
import { sweepWithStopRules } from "./ray/stop-rules.mjs";
import { setUp } from "./setup.mjs";
import { inFolder } from "./testing/in-folder.mjs";

const FLAGS = { record: { kind: "text", help: "file for the result" } };

async function main({ record }) {
  await setUp();
  const { ray, missing } = process.platform === "linux" ? await installRay() : { missing: "Linux" };
  if (missing !== undefined) {
    console.log(`skipped: this suite needs ${missing}`);
    return 0;
  }
  // Ray's sockets need a short path.
  const faults = await inFolder("dnc-ray-", (folder) => sweepWithFaults(ray, folder, tell));
  const rules = await inFolder("dnc-ray-", (folder) => sweepWithStopRules(ray, folder, tell));
  const checks = [...faults.checks, ...rules.checks];
  for (const { name, passed, detail } of checks)
    console.log(`${passed ? "ok" : "FAILED"}: ${name}${passed ? "" : ` (${detail})`}`);
  const failed = checks.filter(({ passed }) => !passed).length;
  if (record !== undefined) writeFileSync(record, page(faults, rules));
  console.log(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function tell(line) {
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

function page(faults, rules) {
  return `# Sweeps over a real Ray cluster

Made by \`npm run test:ray -- --record=FILE\` at commit ${commit()}, over Ray ${RAY}, all nodes on one machine.

## With faults

Twelve runs of 4,000 iterations; head with one CPU and a worker node with two. The sweep began before the cluster was there. On the way a
job, the sweep and the worker node were killed, and the sweep was left by Ctrl-C. ${faults.seconds} seconds with the start of Ray.

${list(faults.checks)}

## With stop rules and a token

Successive halving and median stopping, each over four runs of 12,000 iterations, two at a time; a head with two CPUs that asks for a token.
${rules.seconds} seconds with the start of Ray.

${list(rules.checks)}

${machineFacts().join("  \n")}
`;
}

function list(checks) {
  return checks.map(({ name, passed }) => `- ${passed ? "passed" : "**failed**"}: ${name}`).join("\n");
}

process.exitCode = await script({ name: "test:ray", call: "npm run test:ray --", flags: FLAGS }, main);
