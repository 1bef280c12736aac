import { visibleJson } from "@dnc/report";
import type { BackendName } from "@dnc/settings/flags";
import { AUTO_BACKENDS, BACKEND_NAMES } from "../backends/select-backend.js";
import type { ProbeResult } from "../doctor/probe-backend.js";
import { compareSteps, type ReferenceSteps } from "../doctor/reference-step.js";
import { runInChild } from "../doctor/run-in-child.js";
import type { DoctorOptions } from "../flags/command-options.js";
import { labelled, rate } from "../terminal/format.js";
import { writeStdout } from "../terminal/output.js";
import { styleFor } from "../terminal/style.js";

/** Verdicts on a backend. */
const [WORKS, FAILS] = ["works", "does not work"];

/** Result of probing a backend, and whether it works. */
interface Diagnosis extends ProbeResult {
  readonly backend: BackendName;
  /** Whether it runs and its training steps agree with the reference steps. */
  readonly works: boolean;
  /** Largest relative difference of a loss; undefined if it does not run. */
  readonly apart?: number;
}

/**
 * Runs `dnc doctor`: reports what each backend needs and has, whether its training steps are right, and their speed.
 *
 * @returns the exit status: 0 if the requested backend works (with `auto`: if any works), else 1.
 */
export async function runDoctor({ backend: requested, json }: DoctorOptions): Promise<number> {
  const names = requested === "auto" ? BACKEND_NAMES : [requested];
  const found: Omit<Diagnosis, "works">[] = [];
  // Sequentially: other work would slow down the steps that are timed.
  for (const backend of names) found.push({ backend, ...(await runInChild(backend)) });
  // The reference takes seconds, and is for those that run.
  const { steps: reference = [] } = found.some(({ runs }) => runs) ? await runInChild("reference") : {};
  const diagnoses = found.map((each) => diagnose(each, reference));
  const working = diagnoses.filter(({ works }) => works);
  const candidates = working.filter(({ isSoftware }) => !isSoftware).map(({ backend }) => backend);
  const preferred = AUTO_BACKENDS.find((name) => candidates.includes(name));
  const automatic = requested === "auto" ? preferred : undefined;
  if (json) await writeStdout(`${visibleJson({ reference, backends: diagnoses, auto: automatic ?? null })}\n`);
  else await writeStdout(text(diagnoses, requested, automatic));
  return (requested === "auto" ? automatic !== undefined : working.length > 0) ? 0 : 1;
}

function diagnose(found: Omit<Diagnosis, "works">, reference: ReferenceSteps): Diagnosis {
  if (!found.runs || !found.steps) return { ...found, works: false };
  const { same, apart } = compareSteps(found.steps, reference);
  return { ...found, works: same, apart };
}

function text(diagnoses: readonly Diagnosis[], requested: string, automatic: BackendName | undefined): string {
  const style = styleFor(process.stdout);
  const overview = labelled(diagnoses.map((each) => [each.backend, verdict(each)])).map((line, index) => {
    const { works } = diagnoses[index];
    return line.replace(works ? WORKS : FAILS, works ? style.good : style.bad);
  });
  if (requested === "auto") overview.push("", `auto takes ${automatic ?? "none"} for the default network.`);
  return `${[...overview, ...diagnoses.flatMap(details)].join("\n")}\n`;
}

function verdict({ works, runs, apart, iterationsPerSecond, what, isSoftware }: Diagnosis): string {
  if (!runs || iterationsPerSecond === undefined) return `${FAILS}  ${what}`;
  const numbers = `the loss is ${apart === 0 ? "that" : `within ${(apart ?? Number.NaN).toExponential(0)}`} of the reference step`;
  return works
    ? `${WORKS.padEnd(FAILS.length)}  ${rate(iterationsPerSecond)}; ${numbers}${isSoftware ? "; the CPU emulates the GPU" : ""}`
    : `${FAILS}  its training steps are wrong: the loss is ${(apart ?? Number.NaN).toExponential(0)} from that of the reference step`;
}

function details({ backend, works, runs, what, remedy, engine, facts }: Diagnosis): string[] {
  const fix = remedy ?? (works ? undefined : "use --backend cpu, and report this with the lines below");
  const lines: (readonly [string, string])[] = [
    ...(runs ? [["runs on", what] as const] : []),
    ...(engine ? [["engine", engine] as const] : []),
    ...(fix ? [["to fix it", fix] as const] : []),
    ...facts,
  ];
  return ["", backend, ...labelled(lines, styleFor(process.stdout)).map((line) => `  ${line}`)];
}
