import { type Content, type Html, html } from "./html.js";

/** A sequence with the output of the network, as text. */
export type Sample = {
  /** Number of iterations after which it was computed. */
  readonly step: number;
  /**
   * Rendered sequence. The lines below "Targets:" are compared with those below "Model Output:", if both are present.
   */
  readonly text: string;
};

const TARGETS = "Targets:\n";
const OUTPUT = "Model Output:\n";

/** Renders the text of a sample, and marks the characters of the output that differ from the target. */
export function markedSample(text: string): Html {
  const targets = endOfLine(text, TARGETS, 0);
  const output = targets < 0 ? -1 : endOfLine(text, OUTPUT, targets);
  if (output < 0) return html`${text}`;
  const expected = text.slice(targets, output - OUTPUT.length);
  return html`${text.slice(0, output)}${marked(text.slice(output), expected)}`;
}

/** Finds where the text after a line begins; -1 if there is no such line. */
function endOfLine(text: string, line: string, from: number): number {
  for (let begin = text.indexOf(line, from); begin >= 0; begin = text.indexOf(line, begin + 1))
    if (begin === 0 || text[begin - 1] === "\n") return begin + line.length;
  return -1;
}

function marked(output: string, targets: string): Content {
  const expected = targets.trimEnd().split("\n");
  const lines = output.trimEnd().split("\n");
  return lines.map((line, row): Content => {
    const end = row < lines.length - 1 ? "\n" : "";
    const [found, wanted] = [Array.from(line), Array.from(expected[row] ?? "")];
    if (found.length !== wanted.length) return `${line}${end}`;
    return [found.map((bit, index) => (bit === wanted[index] ? bit : html`<mark>${bit}</mark>`)), end];
  });
}
