import { type Html, html } from "./html.js";

/** A board of blocks, with a line of text below it. */
export type BlockFrame = {
  /** For each column, from the left, the numbers of its blocks from the bottom. */
  readonly board: readonly (readonly number[])[];
  /** What is to be said of it, such as the move that led to it; default: nothing. */
  readonly caption?: string | undefined;
};

/** Options of `blockBoards`. */
export type BlockBoardsOptions = {
  /** What the image shows, for those who cannot see it. */
  readonly title: string;
  /** Rows of a board; default: as many as it has columns. */
  readonly rows?: number | undefined;
  /** Boards side by side before the next line begins; default: 8. */
  readonly perLine?: number | undefined;
};

/** Colours of blocks 1 to 6, all dark enough for white numbers; further blocks begin again. */
const COLOURS = ["#0d6b73", "#b0451f", "#4a5fa8", "#7d6410", "#8b3d77", "#3c7339"];
const LINE = "#84909a";
const SQUARE = 28;
const GAP = 26;
const TEXT = 20;

/**
 * Draws boards of blocks as an SVG image, such as an episode of Mini-SHRDLU from its start on.
 *
 *     blockBoards([{ board: [[1, 2], [], [3]], caption: "start" }], { title: "Three blocks" });
 *
 * The image carries its own colours, which can be read on a light and on a dark page.
 *
 * @param frames - The boards, in their order; all have as many columns.
 * @param options - `title`, `rows` and `perLine`.
 * @returns An `<svg>` of the size that it needs; everything that comes from the data is escaped.
 */
export function blockBoards(frames: readonly BlockFrame[], options: BlockBoardsOptions): string {
  return drawBoards(frames, options).toString().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** Renders the image of `blockBoards` for a page, which needs no namespace. */
export function drawBoards(frames: readonly BlockFrame[], { title, rows, perLine = 8 }: BlockBoardsOptions): Html {
  const columns = frames.reduce((most, { board }) => Math.max(most, board.length), 0);
  const height = rows ?? columns;
  const step = { x: columns * SQUARE + GAP, y: height * SQUARE + TEXT + GAP };
  const across = Math.min(perLine, Math.max(1, frames.length));
  const down = Math.ceil(frames.length / perLine);
  const [imageWidth, imageHeight] = [across * step.x, down * step.y];
  const drawn = frames.map((frame, index) => {
    const x = (index % perLine) * step.x + GAP / 2;
    const y = Math.floor(index / perLine) * step.y + GAP / 2;
    return html`<g transform="translate(${x} ${y})">${drawBoard(frame, columns, height)}</g>
`;
  });
  return html`<svg class="block-boards" viewBox="0 0 ${imageWidth} ${imageHeight}" width="${imageWidth}" height="${imageHeight}" font-family="system-ui, sans-serif" text-anchor="middle" role="img" aria-label="${title}">
${drawn}</svg>`;
}

function drawBoard({ board, caption }: BlockFrame, columns: number, rows: number): Html {
  const [width, height] = [columns * SQUARE, rows * SQUARE];
  const floors = Array.from({ length: columns }, (_, column) => {
    const x = column * SQUARE;
    return html`<path d="M${x + 2} ${height + 1}H${x + SQUARE - 2}" stroke="${LINE}" stroke-width="2"/>`;
  });
  const blocks = board.flatMap((column, x) => column.map((block, y) => drawBlock(block, x, rows - 1 - y)));
  const text =
    caption !== undefined &&
    html`<text x="${width / 2}" y="${height + TEXT}" font-size="12" fill="${LINE}">${caption}</text>`;
  return html`${floors}${blocks}${text}`;
}

function drawBlock(block: number, column: number, row: number): Html {
  const [x, y] = [column * SQUARE + 1, row * SQUARE + 1];
  const [size, middle] = [SQUARE - 2, SQUARE / 2 - 1];
  const colour = COLOURS[(block - 1) % COLOURS.length] as string;
  return html`<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="4" fill="${colour}"/><text x="${x + middle}" y="${y + middle}" dy=".35em" font-size="15" font-weight="600" fill="#fff">${block}</text>`;
}
