/** Finds the commands in Markdown pages, and the program that each starts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { proseLines, readBlocks } from "./page.mjs";

/** A command: a known program with arguments, or `.ci/run`. Variables may be set before it. */
const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:(?:npm|npx|pnpm|node|dnc|python3|git|apt-get) |\.ci\/run(?: |$))/;

/** A command within a sentence or within output, where `git ...` may be something else. */
const IN_PROSE = /^(?:(?:npm|npx|pnpm|node|dnc|python3) |\.ci\/run(?: |$))/;

/** Languages of blocks that show output, pictures or data. Commands within them count too. */
export const OUTPUT_LANGUAGES = ["", "text", "json"];

/**
 * Lists the commands of a page in order: the lines of `sh` blocks, and all indented lines, lines of output, and texts
 * in backticks (in sentences and shell comments) that are commands. A command on its own line may begin with `$ `.
 *
 * @param {string} markdown - the page's text.
 * @returns {{ text: string, line: number, place: "sh" | "indented" | "output" | "prose" }[]} without comments; `line` is from 1.
 */
export function readCommands(markdown) {
  const blocks = readBlocks(markdown);
  const shell = blocks.filter(({ language }) => language === "sh");
  const ofBlocks = shell
    .flatMap(({ code, line }) => commandLines(code, line + 1))
    .map((command) => ({ ...command, place: "sh" }));
  const inOutput = blocks
    .filter(({ language }) => OUTPUT_LANGUAGES.includes(language))
    .flatMap(({ code, line }) => commandLines(code, line + 1))
    .filter(({ text }) => IN_PROSE.test(text))
    .map((command) => ({ ...command, place: "output" }));
  const prose = proseLines(markdown);
  const indented = prose
    .filter(isIndentedCommand)
    .map(({ text, line }) => ({ text: commandOf(text), line, place: "indented" }));
  const comments = shell.flatMap(({ code, line }) =>
    code.split("\n").map((text, index) => [{ text: /(?:^|\s)#(.*)$/.exec(text)?.[1] ?? "", line: line + 1 + index }]),
  );
  const spans = [...paragraphsOf(prose), ...comments]
    .flatMap(spansOf)
    .filter(({ text }) => IN_PROSE.test(text))
    .map((command) => ({ ...command, place: "prose" }));
  return [...ofBlocks, ...inOutput, ...indented, ...spans].sort((a, b) => a.line - b.line);
}

/**
 * Resolves what a command starts in a clone: scripts of package.json are replaced by their definition, and `dnc` by the
 * program that runs it here; variables are left out. Commands that start the same program with the same arguments give
 * the same text.
 *
 * @throws RangeError if package.json has no such script.
 */
export function programOf(command) {
  const words = command
    .trim()
    .replace(/^([A-Z_]+=\S+\s+)+/, "")
    .split(/\s+/);
  if (words[0] === "dnc") return ["node tools/dnc.mjs", ...words.slice(1)].join(" ");
  const [, name, args = ""] =
    /^npm (?:run (?:--silent )?)?(start|test|(?<=run (?:--silent )?)[\w:-]+)(?: -- (.*))?$/.exec(words.join(" ")) ?? [];
  if (name === undefined) return words.join(" ");
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (!Object.hasOwn(scripts, name)) throw new RangeError(`${command}: package.json has no script ${name}`);
  return [scripts[name], args].filter(Boolean).join(" ");
}

/** Lists the commands of a shell script; lines joined by a backslash are one command. */
function commandLines(code, first) {
  const found = [];
  let open;
  for (const [index, text] of code.split("\n").entries()) {
    const line = open?.line ?? first + index;
    const whole = `${open?.text ?? ""}${text}`;
    open = whole.endsWith("\\") ? { text: whole.slice(0, -1), line } : undefined;
    if (!open && commandOf(whole) !== "") found.push({ text: commandOf(whole), line });
  }
  return found;
}

function isIndentedCommand({ text }) {
  return text.startsWith("    ") && COMMAND.test(commandOf(text));
}

/** Removes comment and prompt from a line. */
function commandOf(text) {
  return text
    .replace(/^\s*\$\s/, "")
    .replace(/(^|\s)#.*$/, "")
    .trim()
    .replace(/\s+/g, " ");
}

/** Lists the paragraphs, without indented code. */
function paragraphsOf(prose) {
  const paragraphs = [[]];
  for (const { text, line } of prose) {
    const before = paragraphs.at(-1).at(-1);
    const isCode = isIndentedCommand({ text });
    if (text.trim() === "" || isCode || (before && line > before.line + 1)) paragraphs.push([]);
    if (text.trim() !== "" && !isCode) paragraphs.at(-1).push({ text, line });
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** Lists the texts between backticks, which may span lines. */
function spansOf(paragraph) {
  const whole = paragraph.map(({ text }) => text).join("\n");
  return [...whole.matchAll(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g)].map(({ 2: code, index }) => ({
    text: code.trim().replace(/\s+/g, " "),
    line: paragraph[whole.slice(0, index).split("\n").length - 1].line,
  }));
}
