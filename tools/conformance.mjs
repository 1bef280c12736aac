/**
 * Compares every engine with the definition over the table of configurations: `npm run conformance`.
 *
 * Without options it prints docs/guide/engines.md; `--write` writes it. `--all` computes all combinations, forward, gradients and
 * twenty training steps (a quarter of an hour); its last line is plain: `N equal, N unstable, N refused, N different`. A row is unstable
 * if no number of its training differs from the definition's, beyond the usual tolerance, by more than twice what it moves by itself when inputs
 * change in the last place. It fails if there is a difference, or if more than one in a hundred rows is unstable.
 */
import "./node-version.mjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { script } from "./flags.mjs";
import { root } from "./pnpm.mjs";
import {
  compareSequence,
  compareTraining,
  spreadsOf,
  whyNotNetwork,
  whyNotTraining,
} from "./repository/conformance/cell.mjs";
import { COLUMNS, hasBackend, listedEngines, loadAlone } from "./repository/conformance/columns.mjs";
import { enginesPage } from "./repository/conformance/page.mjs";
import { allRows } from "./repository/conformance/table.mjs";

const PAGE = join(root, "docs/guide/engines.md");
const FLAGS = {
  all: { kind: "switch", help: "compare all rows of the table with the definition" },
  engine: { kind: "list", choices: Object.keys(COLUMNS), default: ["tfjs", "wasm"], help: "engines for --all" },
  every: { kind: "integer", min: 1, default: 1, help: "for --all: only each Nth row" },
  write: { kind: "switch", help: "write docs/guide/engines.md" },
};

/** Compares the rows with one engine. */
async function compareRows(name, rows) {
  const column = COLUMNS[name];
  if (!(await hasBackend(column.backend))) throw new Error(`backend ${column.backend}: expected it here, got none`);
  const unavailable = await column.whyUnavailable?.();
  if (unavailable !== undefined) throw new Error(unavailable);
  const engine = await loadAlone(column);
  const counts = { equal: 0, unstable: 0, refused: 0, different: 0 };
  const reasons = new Map();
  for (const row of rows) {
    await tf.setBackend(column.backend);
    const refused = whyNotNetwork(engine, row);
    const untrained = refused ?? whyNotTraining(engine, row);
    if (untrained !== undefined) reasons.set(untrained, (reasons.get(untrained) ?? 0) + 1);
    const ofSequence = refused === undefined ? await compareSequence(column, row) : undefined;
    const ofTraining = untrained === undefined ? await compareTraining(engine, column, row) : undefined;
    const isUnstable =
      ofTraining !== undefined && (await compareTraining(engine, column, row, await spreadsOf(row))) === undefined;
    const result = ofSequence ?? (isUnstable ? undefined : ofTraining);
    const kind =
      result !== undefined ? "different" : isUnstable ? "unstable" : untrained !== undefined ? "refused" : "equal";
    counts[kind]++;
    if (ofSequence ?? ofTraining) console.log(`${name}: ${kind}: ${row.name}: ${ofSequence ?? ofTraining}`);
  }
  for (const [reason, count] of reasons) console.log(`${name}: ${count} refused: ${reason}`);
  console.log(`${name}: ${sentence(counts)}`);
  return counts;
}

function sentence({ equal, unstable, refused, different }) {
  return `${equal} equal, ${unstable} unstable, ${refused} refused, ${different} different`;
}

async function main({ all, engine, every, write }) {
  tf.enableProdMode();
  console.warn = () => {}; // engines warn once of what they do not support
  if (all) {
    const rows = allRows().filter((_, index) => index % every === 0);
    const total = { equal: 0, unstable: 0, refused: 0, different: 0 };
    for (const name of engine) {
      const counts = await compareRows(name, rows);
      for (const key of Object.keys(total)) total[key] += counts[key];
    }
    console.log(sentence(total));
    return total.different === 0 && 100 * total.unstable <= total.equal ? 0 : 1;
  }
  await tf.setBackend("cpu");
  const page = enginesPage(await listedEngines());
  if (write) writeFileSync(PAGE, page);
  else process.stdout.write(page);
  return 0;
}

const status = await script({ name: "conformance", call: "npm run conformance --", flags: FLAGS }, main);
// Exit at once: WebGPU's native library has its own threads.
process.stdout.write("", () => process.exit(status));
