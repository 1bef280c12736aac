/** An image as an array of pixels. */
export type RgbImage = {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Red, green and blue of each pixel, from 0 to 255, row by row from the top: `3 * width * height` bytes. */
  readonly data: Uint8Array;
};

/** An image with its name, title and axes. */
export type NamedImage = RgbImage & {
  /** Identifier, such as "write_weights". */
  readonly name: string;
  /** Title to display. */
  readonly title: string;
  /** Meaning of the rows, from top to bottom. */
  readonly rows: string;
  /** Meaning of the columns, from left to right. */
  readonly columns: string;
  /** Values of the first and the last colour. */
  readonly range: readonly [low: number, high: number];
  /** Names of the rows; default: no labels. */
  readonly rowLabels?: readonly string[] | undefined;
};

/** Bytes per pixel: red, green, blue. */
export const CHANNELS = 3;
