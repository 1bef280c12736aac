/** Published comparisons, and the report on those that were made again, as Markdown. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./quantiles.mjs";

/** The comparisons by name: a preset, what varies in it, what was published, and the seeds if they are not 1, 2 and 3. */
export const COMPARISONS = {
  links: {
    preset: "links",
    vary: "no_links=false,true",
    published: "solved with links, not without them (Graves et al. 2016, Extended Data Fig. 4)",
  },
  "initial-memory": {
    preset: "initial-memory",
    vary: "initial_memory=1e-6,random,0",
    seeds: "1,2,3,4,5,6,7,8,9,10",
    published:
      "of constant, learned and random memories of an NTM the constant one learns fastest (curves; Collier and Beel 2018, arXiv:1807.08518)",
  },
  masking: {
    preset: "associative-recall-large",
    vary: "masking=0.1,false",
    published: "masking speeds convergence (curves; Csordás and Schmidhuber 2019, arXiv:1904.10278)",
  },
  reuse: {
    preset: "big-repeat-copy",
    vary: "deallocation+sharpness=true,false",
    published:
      "no error with de-allocation and sharpness; the DNC never solves it (Csordás and Schmidhuber 2019, arXiv:1904.10278)",
  },
};

const HEAD = `# Published comparisons, made again

Each is one command; \`dnc compare\` trains every variant with several seeds and grades it. *Figure* is what a run reached on new
sequences, *met* the iteration at which its training sequences first met the bound of the first line of the grade. The commit is that of the grading; a run that was there is not made again.
`;

/**
 * @param {string} folder - where the records are.
 * @param {Record<string, object>} presets - the presets by name.
 * @returns {string} the page.
 */
export function comparisonsReport(folder, presets) {
  const sections = Object.entries(COMPARISONS).flatMap(([name, { published }]) => {
    const path = join(folder, `${name}.json`);
    if (!existsSync(path)) return [];
    const { preset, command, machine, commit, date, minutes, runs } = JSON.parse(readFileSync(path, "utf8"));
    const { grade, description } = presets[preset];
    const groups = [...new Set(runs.map(({ group }) => group))];
    const rows = groups.map((group) =>
      rowOf(
        group,
        runs.filter((run) => run.group === group),
        grade,
      ),
    );
    const columns = ["variant", ...grade.map(({ on, metric }) => `${metric}, ${on}`), "passed", "met"];
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [
      `## ${description}`,
      "",
      `Published: ${published}.`,
      "",
      line(columns),
      line(columns.map(() => "---")),
      ...rows.map(line),
      "",
      `    ${command}`,
      "",
      `${machine}; commit ${commit}; ${date}; ${minutes.toFixed(0)} minutes of training, of one thread, beside other programs.`,
      "",
    ];
  });
  return `${[HEAD, ...sections].join("\n").trimEnd()}\n`;
}

function rowOf(group, runs, grade) {
  const figures = grade.map(({ metric }, index) => {
    const values = runs.map(({ values }) => values[index] ?? Number.NaN);
    const text = (value) => (/^bits|^slots|contrast$/.test(metric) ? value.toFixed(3) : `${(100 * value).toFixed(1)}%`);
    return `${values.map(text).join(", ")} (median ${text(median(values))})`;
  });
  const passed = runs.filter((run) => run.passed).length;
  const met = runs.map(({ reached }) => reached ?? Number.POSITIVE_INFINITY);
  const times = met.map((step) => (Number.isFinite(step) ? step : "never")).join(", ");
  const middle = median(met);
  const average = runs.length > 3 ? ` (median ${Number.isFinite(middle) ? middle : "never"})` : "";
  return [group, ...figures, `${passed} of ${runs.length}`, `${times}${average}`];
}
