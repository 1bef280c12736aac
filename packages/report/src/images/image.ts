/** An image in plain pixels. */
export type RgbImage = {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Red, green and blue of each pixel, from 0 to 255, row by row from the top: `3 * width * height` bytes. */
  readonly data: Uint8Array;
};

/** An image, and what it shows. */
export type NamedImage = RgbImage & {
  /** For programs, such as "write_weights". */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** What a row is, from top to bottom. */
  readonly rows: string;
  /** What a column is, from left to right. */
  readonly columns: string;
  /** What the first and the last colour stand for. */
  readonly range: readonly [low: number, high: number];
  /** Names of the rows, if they have any. */
  readonly rowLabels?: readonly string[] | undefined;
};

/** Bytes of a pixel: red, green, blue. */
export const CHANNELS = 3;
