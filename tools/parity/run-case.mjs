/** Runs one reference case: reads it, computes it with the packages, and compares every quantity that it lists. */
import { basename } from "node:path";
import { kindOf, readCaseFile } from "./case-file.mjs";
import { close, compare, compareText, failed, within } from "./compare.mjs";
import { computerOf } from "./kinds.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./compare.mjs").Finding} Finding */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/**
 * @typedef {object} CaseResult
 * @property {string} name
 * @property {Record<"outputs" | "grads", string[]>} compared - names of the quantities.
 * @property {Finding[]} findings
 * @property {string[]} notes
 * @property {string[]} failures - one sentence per failure; empty if the case passed.
 */

/** Names in `extra` that describe a case and are not results. */
const DESCRIPTIONS = ["grad_objective", "grads_that_are_None_in_TF_written_as_zeros"];

/**
 * Runs a case. Never throws: every error is a failure of the case.
 *
 * @param {string} path - path of a file `<kind>__<variant>.json`.
 * @returns {Promise<CaseResult>}
 */
export async function runCase(path) {
  const name = basename(path, ".json");
  try {
    const compute = await computerOf(kindOf(name));
    const file = await readCaseFile(path);
    return judge(file, await compute(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, compared: { outputs: [], grads: [] }, findings: [], notes: [], failures: [why] };
  }
}

/**
 * Compares what was computed with what a case lists.
 *
 * @param {CaseFile} file
 * @param {Computed} computed
 * @returns {CaseResult}
 */
export function judge(file, computed) {
  const compared = { outputs: Object.keys(file.outputs), grads: Object.keys(file.grads) };
  const findings = [
    ...compared.outputs.map((name) => compareListed(file, computed, "outputs", name)),
    ...compared.grads.map((name) => compareListed(file, computed, "grads", name)),
    ...(computed.checks ?? []),
    ...compareObjective(file, computed),
    ...checkNoGradient(file),
    ...checkRecorded(file, "outputs"),
    ...checkRecorded(file, "grads"),
  ];
  if (compared.outputs.length === 0) findings.push(failed("outputs", "the case lists nothing to compare"));
  const used = [...DESCRIPTIONS, ...(computed.extra ?? [])];
  const unused = Object.keys(file.extra).filter((name) => !used.includes(name));
  const notes = [...(computed.notes ?? []), ...unused.map((name) => `extra.${name} not compared`)];
  return { name: file.name, compared, findings, notes, failures: findings.flatMap(({ failures }) => failures) };
}

/** @returns {Finding} */
function compareListed(file, computed, section, name) {
  const what = `${section}/${name}`;
  const [expected, actual] = [file[section][name], computed[section]?.[name]];
  if (typeof expected === "string") return compareText(what, expected, actual);
  const recorded = [file.recorded.double[section][name], file.recorded.perturbed[section][name]];
  const usual = { recorded: recorded.filter((x) => x !== undefined), sorted: computed.sorted };
  const rule = computed.rules?.[section]?.[name] ?? close(usual);
  return compare(what, expected, actual, rule, section === "grads" ? computed.alternatives?.[name] : undefined);
}

/** Compares the objective, a sum whose tolerance is the rounding of its largest part. */
function compareObjective({ extra, outputs, cotangents }, { objective }) {
  const expected = extra.grad_objective;
  if (expected === undefined) return [];
  if (objective === undefined) return [failed("extra/grad_objective", "not computed: this runner does not know it")];
  let size = 0;
  for (const [name, { data }] of Object.entries(cotangents))
    data.forEach((x, index) => {
      size += Math.abs(x * (outputs[name]?.data[index] ?? 0));
    });
  const tolerance = Math.max(1e-5, Math.min(1e-6 * size, 5e-4));
  const actual = { shape: [], dtype: "float32", data: [objective] };
  return [compare("extra/grad_objective", expected, actual, within(tolerance))];
}

/** Checks that inputs without a gradient, according to the case, are listed with zeros. */
function checkNoGradient({ extra, grads }) {
  const names = extra.grads_that_are_None_in_TF_written_as_zeros ?? [];
  return names
    .filter((name) => !grads[name] || Array.from(grads[name].data).some((x) => x !== 0))
    .map((name) => failed(`grads/${name}`, "expected zeros: the case says that it has no gradient"));
}

/** Checks that the recorded differences, which widen tolerances, are those of the listed numbers. */
function checkRecorded(file, section) {
  return Object.entries(file.double[section]).flatMap(([name, double]) => {
    const what = `f64_max_abs_diff/${section}/${name}`;
    const [single, recorded] = [file[section][name], file.recorded.double[section][name]];
    if (!single?.data || single.data.length !== double.data.length)
      return [failed(`${section}_f64/${name}`, `there is no such tensor in ${section}`)];
    if (recorded === undefined) return [failed(what, "missing")];
    let largest = 0;
    double.data.forEach((x, index) => {
      largest = Math.max(largest, Math.abs(x - single.data[index]));
    });
    if (Math.abs(largest - recorded) <= 1e-6 + 1e-3 * recorded) return [];
    return [failed(what, `the file says ${recorded}, its numbers say ${largest}`)];
  });
}
