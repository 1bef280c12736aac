/** Report on memories of other sizes than in training, as Markdown. */

const HEAD = `# Memories of other sizes than in training

Networks trained on the first lesson of graph traversal (preset \`graph-traversal\`: graphs of 3 to 10 nodes, paths of one edge), tested with other
numbers of slots on graphs of other sizes, without any further training: exact match on new sequences. A column is a number of
edges, each of which is one time step of input; columns right of **40** have larger graphs than any in training. After Graves et al. 2016, Extended Data
Figure 2, which shows such a map for long paths: about one slot per edge is needed, and more slots than in training are used where there are any.
`;

/**
 * @param {object} record - what `memory-sizes.mjs` measured.
 * @returns {string} the page.
 */
export function memorySizesReport({ sequences, command, commit, machine, results }) {
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  const edges = [...new Set(results.map((each) => each.edges))];
  const slots = [...new Set(results.map((each) => each.slots))];
  const { trained } = results[0];
  const mean = (size, count) => {
    const own = results.filter((each) => each.slots === size && each.edges === count);
    return own.reduce((sum, { exactMatch }) => sum + exactMatch, 0) / own.length;
  };
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rows = slots.map((size) => [
    size === trained ? `**${size}** (training)` : String(size),
    ...edges.map((count) => percent(mean(size, count), count < size)),
  ]);
  return `${[
    HEAD,
    `Mean over ${seeds.length === 1 ? "one network (seed" : `${seeds.length} networks (seeds`} ${seeds.join(", ")}), ${sequences} sequences each; bold: more slots than edges.`,
    "",
    line(["slots \\ edges", ...edges.map(String)]),
    line(["---", ...edges.map(() => "---")]),
    ...rows.map(line),
    "",
    "## Machine and command",
    "",
    `- ${[...machine, `commit ${commit}`].join("; ")}`,
    "",
    `    ${command}`,
    "",
    `The runs are of \`dnc train --preset=graph-traversal --seed=N --threads=1\`, with N ${seeds.join(" and ")}. Raw numbers: [raw.json](raw.json).`,
  ].join("\n")}\n`;
}

function percent(fraction, isEnough) {
  const text = `${(100 * fraction).toFixed(1)}%`;
  return isEnough ? `**${text}**` : text;
}
