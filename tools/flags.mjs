/**
 * Command lines of the repository's scripts: `--name=value`, `--name value`, `--switch`; `-` and `_` in names are
 * equivalent.
 */

/**
 * @typedef {object} Flag
 * @property {"choice" | "integer" | "number" | "text" | "list" | "switch"} kind - a list is separated by commas.
 * @property {string} help
 * @property {readonly string[]} [choices] - valid values of a choice, or of every item of a list (default there: any).
 * @property {number} [min]
 * @property {number} [max]
 * @property {unknown} [default] - default value; without one the flag may be missing.
 * @property {boolean} [required]
 */

/** An error in the command line; the message is one sentence. */
export class UsageError extends Error {}

/**
 * Runs a script: reads the command line and reports errors or prints help, otherwise does the work.
 *
 * @param {object} script
 * @param {string} script.name - prefix of error messages.
 * @param {string} script.call - the command that starts it, without flags.
 * @param {Record<string, Flag>} script.flags - by name, with `_`.
 * @param {(options: Record<string, any>) => void} [script.check] - throws a UsageError if flags do not fit each other.
 * @param {string[]} [script.notes] - lines after the help of the flags.
 * @param {(options: Record<string, any>) => Promise<number>} work - returns the exit status.
 * @param {string[]} [args]
 * @returns {Promise<number>} the exit status: 0 after help, 2 if the command is wrong.
 */
export async function script({ name, call, flags, check = () => {}, notes = [] }, work, args = process.argv.slice(2)) {
  let options;
  try {
    options = readFlags(args, flags);
    if (!options.help) check(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${name}: ${error.message}`);
    return 2;
  }
  if (!options.help) return work(options);
  console.log([usage(call, flags), ...notes].join("\n"));
  return 0;
}

/**
 * @param {string[]} args
 * @param {Record<string, Flag>} flags - by name, with `_`.
 * @returns {Record<string, any>} a value for every flag that has one; `help: true` if help was requested.
 * @throws UsageError
 */
export function readFlags(args, flags) {
  const values = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, flag.default]));
  for (let at = 0; at < args.length; at++) {
    const [, word, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(args[at]) ?? [];
    if (word === undefined) throw new UsageError(`expected a flag that begins with --, got "${args[at]}".`);
    if (word === "help") return { help: true };
    const name = word.replaceAll("-", "_");
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (!flag) throw new UsageError(`unknown flag --${word}, expected one of ${names(flags)}.`);
    if (flag.kind === "switch") {
      if (inline !== undefined) throw new UsageError(`--${name}: expected no value, got "${inline}".`);
      values[name] = true;
    } else values[name] = parsed(name, flag, inline ?? args[++at]);
  }
  for (const [name, { required }] of Object.entries(flags))
    if (required && values[name] === undefined) throw new UsageError(`--${name}: expected a value, got no such flag.`);
  return values;
}

/** Formats the text of `--help`. */
export function usage(command, flags) {
  const lines = Object.entries(flags).map(([name, flag]) => {
    const known = flag.default === undefined ? "" : ` (default: ${[flag.default].flat().join(",") || "none"})`;
    return `  ${`--${name}`.padEnd(18)} ${flag.help}${flag.choices ? `: ${flag.choices.join(", ")}` : ""}${known}`;
  });
  return [`Usage: ${command} [--flag=value ...]`, ...lines].join("\n");
}

function parsed(name, flag, text) {
  const wrong = () => {
    const got = text === undefined ? "nothing" : `"${text}"`;
    return new UsageError(`--${name}: expected ${expectation(flag)}, got ${got}.`);
  };
  if (text === undefined || (text === "" && flag.kind !== "list")) throw wrong();
  if (flag.kind === "text") return text;
  if (flag.kind === "choice") {
    if (!flag.choices.includes(text)) throw wrong();
    return text;
  }
  if (flag.kind === "list") {
    const items = text === "" ? [] : text.split(",");
    if (flag.choices && items.some((item) => !flag.choices.includes(item))) throw wrong();
    return items;
  }
  const value = Number(text);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = flag;
  if (!Number.isFinite(value) || value < min || value > max) throw wrong();
  if (flag.kind === "integer" && !Number.isSafeInteger(value)) throw wrong();
  return value;
}

function expectation({ kind, choices = [], min, max }) {
  if (kind === "choice") return `one of ${choices.join(", ")}`;
  if (kind === "list") return choices.length > 0 ? `some of ${choices.join(",")}` : "values separated by commas";
  if (kind === "text") return "a value";
  const what = kind === "integer" ? "an integer" : "a number";
  if (max !== undefined) return `${what} from ${min} to ${max}`;
  return min === undefined ? what : `${what} of at least ${min}`;
}

function names(flags) {
  return Object.keys(flags)
    .map((name) => `--${name}`)
    .join(", ");
}
