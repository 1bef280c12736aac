/** Checks the source maps of an unpacked package. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Not the files of a page, whose sources are no part of the package. */
const COMPILED = /^dist\/(?!page\/).*\.(js|d\.ts)$/;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Lists problems of a package's source maps: each compiled file in `dist` must have its own map, which refers only to
 * its source.
 *
 * @param {string} folder - folder of the unpacked package.
 * @param {string[]} files - paths of all its files, with slashes.
 * @returns {string[]} one sentence per problem.
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

/** Parses a source map; undefined if the text is not one. */
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

/** Whether a position is within the text; it may be at the end of its line. */
function isInside(lines, line, column) {
  return column >= 0 && column <= (lines[line]?.length ?? -1);
}

/** Whether a compiled file contains code: a source with only types compiles to JavaScript with only comments. */
function hasCode(compiled) {
  return !/^(export \{\};|\s)*$/.test(compiled.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""));
}

/**
 * Decodes mappings: from `row` and `at` of the compiled file to `line` and `column` of a source, counted from 0. A
 * mapping without a target has no `source`.
 *
 * @throws RangeError if a segment is invalid.
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

/**
 * Decodes the numbers of a segment in base 64: five bits per digit, the lowest first, and a sixth bit if more digits
 * follow.
 */
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

/** Returns a file's name without folder and extensions. */
function stem(file) {
  return basename(file).replace(/(\.d)?\.(ts|js)$/, "");
}
