/** Published comparisons, and the report on those that were made again, as Markdown. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "./quantiles.mjs";

/** The comparisons by name: a preset, what varies in it, and what was published. */
export const COMPARISONS = {
  links: {
    preset: "links",
    vary: "no_links=false,true",
    published: "solved with links, not without them (Graves et al. 2016, Extended Data Fig. 4)",
  },
  masking: {
    preset: "associative-recall-large",
    vary: "masking=0.1,false",
    published: "masking speeds convergence (curves; Csordás and Schmidhuber 2019, arXiv:1904.10278)",
  },
  reuse: {
    preset: "big-repeat-copy",
    vary: "deallocation=true,false; sharpness=true,false",
    published:
      "no error with de-allocation and sharpness; the DNC never solves it (Csordás and Schmidhuber 2019, arXiv:1904.10278)",
  },
};

const HEAD = `# Published comparisons, made again

Each is one command; \`dnc compare\` trains every variant with three seeds and grades it. *Figure* is what a run reached on new
sequences, *met* the iteration at which its training sequences first met the bound of the first line of the grade.
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
      `${machine}; commit ${commit}; ${date}; ${minutes.toFixed(0)} minutes.`,
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
  return [group, ...figures, `${passed} of ${runs.length}`, runs.map(({ reached }) => reached ?? "never").join(", ")];
}
