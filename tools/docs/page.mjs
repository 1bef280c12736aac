/** Parses a Markdown page: its fenced blocks, links, and table rows. */

/** Opening of a fenced block: up to three spaces, at least three backticks or tildes, then the info string. */
const FENCE = /^( {0,3})(`{3,}|~{3,})\s*(.*?)\s*$/;

/** A line of prose that ends with a file's name: the next block is that file. */
const FILE_NAME = /`([\w./-]+\.\w+)`:\s*$/;

/** A link: text and target, which may be in angle brackets and may have a title. */
const LINK = /(?<!!)\[((?:\\.|`[^`]*`|[^\]\\`])*)\]\(\s*<?([^\s<>)]+)>?(?:\s+"[^"]*")?\s*\)/g;

/**
 * Lists the fenced blocks of a page in order.
 *
 * @param markdown - the page's text.
 * @returns for each block: `language`, the first word of the info string or ""; `info`, the info string; `code`, the
 *   contents, each line with its line break; `file`, the name in backticks, followed by a colon, that ends the last
 *   line of prose before it, or undefined; `line`, the line of the opening fence, from 1.
 * @throws Error if a block is never closed.
 */
export function readBlocks(markdown) {
  const blocks = [];
  let prose = ""; // the last non-blank line before a block
  let open;
  for (const [index, text] of lines(markdown).entries()) {
    const [, indent, fence, info] = text.match(FENCE) ?? [];
    if (open) {
      const closes = fence?.[0] === open.fence[0] && fence.length >= open.fence.length && info === "";
      if (!closes) {
        open.code.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text.trimStart());
        continue;
      }
      const { code, line, file } = open;
      const language = open.info.split(/\s/, 1)[0];
      blocks.push({ language, info: open.info, code: code.map((each) => `${each}\n`).join(""), file, line });
      [open, prose] = [undefined, ""];
    } else if (fence && !(fence[0] === "`" && info.includes("`"))) {
      open = { indent, fence, info, code: [], file: prose.match(FILE_NAME)?.[1], line: index + 1 };
    } else if (text.trim() !== "") prose = text;
  }
  if (open) throw new Error(`line ${open.line}: expected a closing ${open.fence}, got the end of the page`);
  return blocks;
}

/** Lists the links of a page outside its blocks, without images: `text`, `target` and `line`, from 1. */
export function readLinks(markdown) {
  return proseLines(markdown).flatMap(({ text, line }) =>
    [...text.matchAll(LINK)].map(([, label, target]) => ({ text: label, target, line })),
  );
}

/** Lists the rows of a page's tables without header rows: `cells`, as trimmed texts, and `line`, from 1. */
export function readRows(markdown) {
  const rows = proseLines(markdown).filter(({ text }) => /^\s*\|.*\|\s*$/.test(text));
  const isRule = (row) => row !== undefined && /^[\s|:-]+$/.test(row.text);
  return rows
    .filter((row, index) => {
      const next = rows[index + 1];
      const isHead = isRule(next) && next.line === row.line + 1;
      return !isHead && !isRule(row);
    })
    .map(({ text, line }) => ({ cells: cellsOf(text), line }));
}

/** Lists the lines outside fenced blocks: `text` and `line`, from 1. */
export function proseLines(markdown) {
  const inside = new Set();
  for (const { line, code } of readBlocks(markdown)) {
    const last = line + code.split("\n").length;
    for (let each = line; each <= last; each++) inside.add(each);
  }
  return lines(markdown)
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ line }) => !inside.has(line));
}

/** Splits a row into cells; an escaped bar belongs to its cell. */
function cellsOf(row) {
  const inner = row.trim().slice(1, -1);
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function lines(markdown) {
  return markdown.split(/\r?\n/);
}
