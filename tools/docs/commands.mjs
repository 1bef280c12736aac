/** The commands that Markdown pages show, and which program each of them starts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { proseLines, readBlocks } from "./page.mjs";

/** Programs that get arguments, or `.ci/run`. Variables may be set before. */
const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:(?:npm|npx|pnpm|node|dnc|python3|git|apt-get) |\.ci\/run(?: |$))/;

/** In a sentence, and among what is only shown, where `git ...` may be anything that git is asked for. */
const IN_PROSE = /^(?:(?:npm|npx|pnpm|node|dnc|python3) |\.ci\/run(?: |$))/;

/** Languages of blocks that show something: what is printed, a picture, data. A command among that is one all the same. */
export const SHOWN = ["", "text", "json"];

/**
 * The commands of a page, in its order: each line of a block of language `sh`, each indented line that is a command, each
 * line of a block that only shows something that is one, and each text in backticks that is one, in sentences and in
 * comments of a shell. `$ ` may stand before a command on a line of its own.
 *
 * @param {string} markdown - the page's text.
 * @returns {{ text: string, line: number, place: "sh" | "indented" | "shown" | "prose" }[]} without comments; `line` is from 1.
 */
export function readCommands(markdown) {
  const blocks = readBlocks(markdown);
  const shell = blocks.filter(({ language }) => language === "sh");
  const ofBlocks = shell
    .flatMap(({ code, line }) => commandLines(code, line + 1))
    .map((command) => ({ ...command, place: "sh" }));
  const shown = blocks
    .filter(({ language }) => SHOWN.includes(language))
    .flatMap(({ code, line }) => commandLines(code, line + 1))
    .filter(({ text }) => IN_PROSE.test(text))
    .map((command) => ({ ...command, place: "shown" }));
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
  return [...ofBlocks, ...shown, ...indented, ...spans].sort((a, b) => a.line - b.line);
}

/**
 * What a command starts in a clone: scripts of package.json are replaced by what they stand for, and `dnc` by the program
 * that runs it here; variables are left out. Two commands that start the same with the same arguments give the same text.
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

/** Commands of a shell script; one that goes on after a backslash is one command. */
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

/** A line without its comment and its prompt. */
function commandOf(text) {
  return text
    .replace(/^\s*\$\s/, "")
    .replace(/(^|\s)#.*$/, "")
    .trim()
    .replace(/\s+/g, " ");
}

/** Runs of lines between blank ones, without indented code. */
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

/** Texts between backticks, which may begin on one line and end on the next. */
function spansOf(paragraph) {
  const whole = paragraph.map(({ text }) => text).join("\n");
  return [...whole.matchAll(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g)].map(({ 2: code, index }) => ({
    text: code.trim().replace(/\s+/g, " "),
    line: paragraph[whole.slice(0, index).split("\n").length - 1].line,
  }));
}
