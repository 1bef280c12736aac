/** Whether the source maps of an unpacked package lead from its compiled files to their sources. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const COMPILED = /^dist\/.*\.(js|d\.ts)$/;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * What is wrong with the maps of a package: each compiled file, which is in `dist`, has one of its own, and that leads
 * into its source alone.
 *
 * @param {string} folder - where the package was unpacked.
 * @param {string[]} files - all that is in it, with slashes.
 * @returns {string[]} a sentence each; none if all is well.
 */
export function wrongMaps(folder, files) {
  const left = files.filter((file) => file.endsWith(".map") && !files.includes(file.slice(0, -".map".length)));
  return [
    ...left.map((map) => `${map} is the map of nothing`),
    ...files.filter((file) => COMPILED.test(file)).flatMap((file) => wrongMap(folder, files, file)),
  ];
}

function wrongMap(folder, files, file) {
  const textOf = (each) => readFileSync(join(folder, each), "utf8");
  const compiled = textOf(file);
  const map = `${file}.map`;
  const [, name] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(compiled) ?? [];
  if (name === undefined) return [`${file} names no source map`];
  if (name !== basename(map)) return [`${file} names ${name} for its source map`];
  if (!files.includes(map)) return [`${map} is missing`];
  const content = parsed(textOf(map));
  if (content === undefined) return [`${map} is no source map`];
  const { sources, sourceRoot = "", sourcesContent, mappings } = content;
  if (sources.length !== 1) return [`${map}: expected one source, got ${sources.length}`];
  const source = join(dirname(map), sourceRoot, sources[0]).replaceAll("\\", "/");
  if (!files.includes(source)) return [`${map}: its source ${source} is missing`];
  if (stem(source) !== stem(file)) return [`${map}: its source ${source} is that of another file`];
  const text = textOf(source);
  return [
    ...((sourcesContent?.[0] ?? text) === text ? [] : [`${map} holds another ${source}`]),
    ...wrongMappings(mappings, { compiled, text }).map((problem) => `${map} ${problem}`),
  ];
}

/** A source map; undefined if the text is none. */
function parsed(text) {
  try {
    const { version, sources, sourceRoot = "", mappings, ...rest } = JSON.parse(text);
    const texts = [sourceRoot, mappings, ...sources];
    return version === 3 && Array.isArray(sources) && texts.every((each) => typeof each === "string")
      ? { sources, sourceRoot, mappings, ...rest }
      : undefined;
  } catch {
    return undefined;
  }
}

function wrongMappings(mappings, { compiled, text }) {
  let segments;
  try {
    segments = segmentsOf(mappings).filter(({ source }) => source !== undefined);
  } catch (error) {
    return [`cannot be read: ${error.message}`];
  }
  if (segments.length === 0) return hasCode(compiled) ? ["maps nothing"] : [];
  const [to, from] = [compiled, text].map((each) => each.split(/\r?\n/));
  const outside = segments.find(
    ({ row, at, source, line, column }) => source !== 0 || !isInside(to, row, at) || !isInside(from, line, column),
  );
  if (outside === undefined) return [];
  const { row, at, line, column } = outside;
  return [`maps ${row + 1}:${at + 1} to ${line + 1}:${column + 1}: one of them is outside its file`];
}

/** A place may be at the end of its line. */
function isInside(lines, line, column) {
  return column >= 0 && column <= (lines[line]?.length ?? -1);
}

/** Whether a compiled file does or declares anything: what had only types is empty but for comments as JavaScript. */
function hasCode(compiled) {
  return !/^(export \{\};|\s)*$/.test(compiled.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""));
}

/**
 * Where each mapping leads: from `row` and `at` of the compiled file to `line` and `column` of a source, counted from 0.
 * One that leads nowhere has no `source`.
 *
 * @throws RangeError if a segment is none.
 */
function segmentsOf(mappings) {
  let [source, line, column] = [0, 0, 0];
  return mappings.split(";").flatMap((text, row) => {
    let at = 0;
    const segments = text === "" ? [] : text.split(",");
    return segments.map((segment) => {
      const numbers = numbersOf(segment);
      if (![1, 4, 5].includes(numbers.length)) throw new RangeError(`"${segment}" is no mapping`);
      at += numbers[0];
      if (numbers.length === 1) return { row, at };
      source += numbers[1];
      line += numbers[2];
      column += numbers[3];
      return { row, at, source, line, column };
    });
  });
}

/** The numbers of a segment in base 64: five bits a digit, the lowest first, and a sixth if more follow. */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    if (digit === -1) throw new RangeError(`"${segment}" is no mapping`);
    value += (digit & 31) * 2 ** shift;
    shift += 5;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -Math.floor(value / 2) : Math.floor(value / 2)); // the lowest bit is the sign
    [value, shift] = [0, 0];
  }
  if (shift > 0) throw new RangeError(`"${segment}" is no mapping`);
  return numbers;
}

/** A file's name without folder and extensions. */
function stem(file) {
  return basename(file).replace(/(\.d)?\.(ts|js)$/, "");
}
