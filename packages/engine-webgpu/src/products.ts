import { type Dims, layerRows } from "./sizes.js";

/** Rows that one invocation multiplies without a branch in between, so that their loads are under way together. */
const UNROLL = 8;

/** A matrix in the buffer of packed weights, and how a workgroup multiplies a vector with it. */
export interface Product {
  /** Rows that count, and with rows of zeros; the bias, if there is one, is the row after those. */
  readonly depth: number;
  readonly paddedDepth: number;
  /** Columns that count, and rounded up to whole vectors of four. */
  readonly columns: number;
  readonly paddedColumns: number;
  /** Each column's sum is made by so many invocations, of `chunk` rows each. */
  readonly splits: number;
  readonly chunk: number;
  /** Where it begins, in vectors of four numbers. */
  readonly start: number;
}

/** All matrices that the sweeps multiply with; `T` for transposed ones. */
export interface Products {
  readonly gates: readonly Product[];
  readonly gatesT: readonly Product[];
  readonly face: Product;
  readonly faceT: Product;
  readonly output: Product;
  readonly outputT: Product;
  /** Numbers in the buffer. */
  readonly size: number;
}

/**
 * Lays the weights out for workgroups.
 *
 * @param threads - invocations of a workgroup.
 * @param most - so many partial sums may be kept at once.
 */
export function planProducts(dims: Dims, threads: number, most: number): Products {
  const { L, H, G, O, RW, face } = dims;
  let start = 0;
  const place = (depth: number, columns: number, bias: boolean): Product => {
    const product = { ...splitProduct(depth, columns, threads, most), start };
    start += ((product.paddedDepth + (bias ? 1 : 0)) * product.paddedColumns) / 4;
    return product;
  };
  const layers = Array.from({ length: L }, (_, layer) => layerRows(dims, layer));
  const gates = layers.map((rows) => place(rows, G, true));
  const gatesT = layers.map((rows) => place(G, rows, false));
  const products = { gates, gatesT, face: place(H, face.size, true), faceT: place(face.size, H, false) };
  const output = place(RW + H, O, true);
  const outputT = place(O, RW + H, false);
  return { ...products, output, outputT, size: 4 * start };
}

function splitProduct(depth: number, columns: number, threads: number, most: number): Omit<Product, "start"> {
  const paddedColumns = 4 * Math.ceil(columns / 4);
  const wanted = Math.min(
    Math.floor((4 * threads) / Math.max(4, paddedColumns)),
    Math.floor(most / Math.max(1, paddedColumns)),
    Math.ceil(depth / UNROLL),
  );
  const chunk = UNROLL * Math.ceil(depth / Math.max(1, wanted) / UNROLL);
  const splits = Math.max(1, Math.ceil(depth / Math.max(1, chunk)));
  return { depth, paddedDepth: splits * chunk, columns, paddedColumns, splits, chunk };
}

/** For numbers that are no parameter. */
export const NO_PARAMETER = 0xffffffff;

/** Which parameter each number of the buffer of packed weights is, parameters counted in the reference's order. */
export function packedParameters(
  dims: Dims,
  { gates, gatesT, face, faceT, output, outputT, size }: Products,
): Uint32Array {
  const { H, RW } = dims;
  const index = new Uint32Array(Math.max(1, size)).fill(NO_PARAMETER);
  let next = 0;
  const put = (
    rows: number,
    columns: number,
    own: Product,
    transposed: Product,
    from = 0,
    rowOf = (row: number) => row,
  ) => {
    for (let row = 0; row <= rows; row++)
      for (let column = 0; column < columns; column++, next++) {
        const at = row < rows ? rowOf(row) : own.paddedDepth;
        index[4 * own.start + at * own.paddedColumns + from + column] = next;
        if (row < rows) index[4 * transposed.start + (from + column) * transposed.paddedColumns + at] = next;
      }
  };
  for (const [layer, own] of gates.entries()) put(own.depth, own.columns, own, gatesT[layer]);
  let from = 0;
  for (const width of dims.face.widths) {
    put(H, width, face, faceT, from);
    from += width;
  }
  // A parameter's row is of hidden units, then words; a row of ours has the words first.
  put(H + RW, dims.O, output, outputT, 0, (row) => (row < H ? RW + row : row - H));
  return index;
}
