import { type Dims, layerRows } from "./sizes.js";

/** Number of rows that one invocation multiplies without branching, so that their loads overlap. */
const UNROLL = 8;

/** A matrix in the buffer of packed weights, and how a workgroup multiplies a vector by it. */
export interface Product {
  /** Rows, and rows padded with zeros. A bias, if there is one, is the row after those. */
  readonly depth: number;
  readonly paddedDepth: number;
  /** Columns, and columns rounded up to a multiple of four. */
  readonly columns: number;
  readonly paddedColumns: number;
  /** Invocations that share the sum of a column, and rows that each of them adds up. */
  readonly splits: number;
  readonly chunk: number;
  /** Offset in the buffer, in vectors of four numbers. */
  readonly start: number;
}

/** All matrices of a network; `T`: transposed. */
export interface Products {
  readonly gates: readonly Product[];
  readonly gatesT: readonly Product[];
  /** The candidate of a GRU; its gates are those of the only layer. */
  readonly candidate?: Product | undefined;
  readonly candidateT?: Product | undefined;
  readonly interface: Product;
  readonly interfaceT: Product;
  readonly output: Product;
  readonly outputT: Product;
  /** Elements of the buffer. */
  readonly size: number;
}

/**
 * Plans the layout of all weights, and how their products are split.
 *
 * @param threads - invocations of a workgroup.
 * @param maxParts - largest number of partial sums that a product may have.
 */
export function planProducts(dims: Dims, threads: number, maxParts: number): Products {
  const { L, H, h, G, O, RW, gru, interfaceLayout } = dims;
  const columns = gru ? 2 * h : G;
  let start = 0;
  const place = (depth: number, columns: number, bias: boolean): Product => {
    const product = { ...splitProduct(depth, columns, threads, maxParts), start };
    start += ((product.paddedDepth + (bias ? 1 : 0)) * product.paddedColumns) / 4;
    return product;
  };
  const layers = Array.from({ length: L }, (_, layer) => layerRows(dims, layer));
  const gates = layers.map((rows) => place(rows, columns, true));
  const gatesT = layers.map((rows) => place(columns, rows, false));
  const candidates = gru
    ? { candidate: place(layers[0], h, true), candidateT: place(h, layers[0], false) }
    : { candidate: undefined, candidateT: undefined };
  const interfaceProducts = {
    interface: place(H, interfaceLayout.size, true),
    interfaceT: place(interfaceLayout.size, H, false),
  };
  const output = place(RW + H, O, true);
  const outputT = place(O, RW + H, false);
  return { gates, gatesT, ...candidates, ...interfaceProducts, output, outputT, size: 4 * start };
}

function splitProduct(depth: number, columns: number, threads: number, maxParts: number): Omit<Product, "start"> {
  const paddedColumns = 4 * Math.ceil(columns / 4);
  const wanted = Math.min(
    Math.floor((4 * threads) / Math.max(4, paddedColumns)),
    Math.floor(maxParts / Math.max(1, paddedColumns)),
    Math.ceil(depth / UNROLL),
  );
  const chunk = UNROLL * Math.ceil(depth / Math.max(1, wanted) / UNROLL);
  const splits = Math.max(1, Math.ceil(depth / Math.max(1, chunk)));
  return { depth, paddedDepth: splits * chunk, columns, paddedColumns, splits, chunk };
}

/** Index of padding, which does not correspond to a parameter. */
export const NO_PARAMETER = 0xffffffff;

/** Returns the index of the parameter at each place of the buffer of packed weights, or `NO_PARAMETER`. */
export function packedParameters(
  dims: Dims,
  { gates, gatesT, candidate, candidateT, interface: interfaceProduct, interfaceT, output, outputT, size }: Products,
): Uint32Array {
  const { H, RW } = dims;
  const index = new Uint32Array(Math.max(1, size)).fill(NO_PARAMETER);
  let next = 0;
  const put = (
    rows: number,
    columns: number,
    product: Product,
    transposed: Product,
    from = 0,
    rowOf = (row: number) => row,
  ) => {
    for (let row = 0; row <= rows; row++)
      for (let column = 0; column < columns; column++, next++) {
        const at = row < rows ? rowOf(row) : product.paddedDepth;
        index[4 * product.start + at * product.paddedColumns + from + column] = next;
        if (row < rows) index[4 * transposed.start + (from + column) * transposed.paddedColumns + at] = next;
      }
  };
  for (const [layer, product] of gates.entries()) put(product.depth, product.columns, product, gatesT[layer]);
  if (candidate && candidateT) put(candidate.depth, candidate.columns, candidate, candidateT);
  let from = 0;
  for (const width of dims.interfaceLayout.widths) {
    put(H, width, interfaceProduct, interfaceT, from);
    from += width;
  }
  // The rows of the parameters have hidden units, then words; packed rows have the words first.
  put(H + RW, dims.O, output, outputT, 0, (row) => (row < H ? RW + row : row - H));
  return index;
}

/** Lists the products of the controller, one after the other in the order of the parameters. */
export function controllerProducts({ gates, candidate }: Products): readonly Product[] {
  return candidate ? [...gates, candidate] : gates;
}

/** The same for the transposed weights. */
export function transposedProducts({ gatesT, candidateT }: Products): readonly Product[] {
  return candidateT ? [...gatesT, candidateT] : gatesT;
}
