/** Finds the test that runs each command and example of the documentation. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FLAGS } from "../compat/flags.mjs";
import { readFlags, UsageError } from "../flags.mjs";
import { root } from "../pnpm.mjs";
import { publicPackages } from "../release/packages.mjs";
import { readReadme } from "../release/readme.mjs";
import { OUTPUT_LANGUAGES, programOf, readCommands } from "./commands.mjs";
import { readBlocks } from "./page.mjs";

/** The guide that `your-own-task.test.mjs` runs from top to bottom. */
export const TUTORIAL = "docs/guide/your-own-task.md";

const COMPAT = programOf("npm run test:compat");

/**
 * Lists every command of a page, and every block that is neither a list of commands nor output.
 *
 * @returns {{ page: string, line: number, text: string, place?: string, block?: object }[]} `block` as from
 *   `readBlocks`, `place` as from `readCommands`.
 */
export function partsOf({ page, markdown }) {
  const blocks = readBlocks(markdown)
    .filter(({ language }) => language !== "sh" && !OUTPUT_LANGUAGES.includes(language))
    .map((block) => ({ page, line: block.line, text: block.code, block }));
  return [...blocks, ...readCommands(markdown).map((command) => ({ page, ...command }))];
}

/** Lists the parts that are self-contained JavaScript: `snippets.test.mjs` runs them. */
export function snippetsOf(pages) {
  return pages.flatMap(partsOf).filter(isSnippet);
}

function isSnippet({ page, block }) {
  const isOfExample = block?.file?.startsWith("examples/");
  return block?.language === "js" && !isOfExample && page !== TUTORIAL && packageOf(page) === undefined;
}

/**
 * Creates a function that finds what runs a part of a page.
 *
 * @param {object} accounts
 * @param {string[]} accounts.clone - the commands that `npm run test:docs` runs.
 * @param {string} accounts.ci - text of `.ci/run`.
 * @param {{ command: string }[]} accounts.exceptions - commands that are not run.
 * @returns {(part: object) => string | undefined} undefined if nothing runs it and it is not an exception.
 */
export function accountant({ clone, ci, exceptions }) {
  const inClone = new Set(clone.map(programOf));
  const steps = stepsOf(ci);
  return (part) => {
    const { page, text, place, block } = part;
    if (packageOf(page) && installs(readReadme(packageOf(page).folder), part)) return "npm run test:release";
    if (publicPackages().some(({ name }) => text === `npm install ${name}`)) return "npm run test:release";
    if (page === TUTORIAL && (place === "sh" || block?.file !== undefined)) return "your-own-task.test.mjs";
    if (block && isExcerpt(block)) return "example-*.test.mjs";
    if (block) return isSnippet(part) ? "snippets.test.mjs" : undefined;
    if (isRunExample(text)) return "example-*.test.mjs";
    const program = programOf(text);
    if (inClone.has(program)) return "npm run test:docs";
    if (steps.has(program)) return ".ci/run";
    if (isCompat(program) && [...steps].some(isCompat)) return ".ci/run"; // a part of it
    if (text === "npm run test:docs" || text === ".ci/run") return "itself";
    if (releases(text)) return "npm run test:release";
    return exceptions.some(({ command }) => programOf(command) === program) ? "nobody" : undefined;
  };
}

/** Whether a program is `npm run test:compat` with valid flags. */
function isCompat(program) {
  if (program !== COMPAT && !program.startsWith(`${COMPAT} `)) return false;
  try {
    readFlags(program.slice(COMPAT.length).split(" ").filter(Boolean), FLAGS);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Whether a command starts an example program that one of the examples' tests starts. */
function isRunExample(command) {
  const [, name, file] = /^node examples\/([\w-]+)\/([\w-]+\.js)( |$)/.exec(command) ?? [];
  return name !== undefined && exampleTests().some((test) => test.includes(`"${name}"`) && test.includes(`"${file}"`));
}

function exampleTests() {
  const folder = join(root, "tools/repository");
  const tests = readdirSync(folder).filter((file) => /^example-.*\.test\.mjs$/.test(file));
  return tests.map((file) => readFileSync(join(folder, file), "utf8"));
}

/** Whether a block is part of an example's file, which the examples' tests run. */
function isExcerpt({ file, code }) {
  if (!file?.startsWith("examples/")) return false;
  return (
    existsSync(join(root, file)) && withoutIndent(readFileSync(join(root, file), "utf8")).includes(withoutIndent(code))
  );
}

function withoutIndent(code) {
  return code.replace(/^ +/gm, "").trim();
}

/** Finds the package whose README a page is. */
function packageOf(page) {
  const found = publicPackages().find(({ folder }) => page === `${folder}/README.md`);
  return found && { ...found, folder: join(root, found.folder) };
}

/** Whether `npm run test:release` runs this part of a package's README. */
function installs({ packages, forNode, examples, files, commands }, { text, block }) {
  if (block) return [...examples.map(({ code }) => code), ...Object.values(files)].includes(block.code);
  if (text === `npm install ${packages.join(" ")}` || text === `npm install ${forNode.join(" ")}`) return true;
  return commands.some((code) => code.split("\n").some((line) => line.replace(/\s+#.*$/, "") === text));
}

/** Whether the release tests make a release with these flags. */
function releases(command) {
  const [whole, flags = ""] = /^npm run release(?: -- (.*))?$/.exec(command) ?? [];
  if (whole === undefined) return false;
  const folder = join(root, "tools/release/test");
  const tests = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const has = (text) => tests.some((test) => test.includes(text));
  const words = flags.split(" ").filter(Boolean);
  return has('"run", "--silent", "release"') && words.every((word) => has(`"${word}"`));
}

/** Lists the programs that a script like `.ci/run` starts, without the names of steps. */
function stepsOf(script) {
  const lines = script.split("\n").filter((line) => !line.trim().startsWith("#") && !/^\s*echo /.test(line));
  const commands = lines.flatMap((line) =>
    [...line.replace(/'[^']*'/g, "").matchAll(/\b(?:npm (?:start|test|run [\w:-]+)|node tools\/)[^&|<;$\n]*/g)].map(
      ([command]) => command.trim(),
    ),
  );
  return new Set(commands.map(programOf));
}
