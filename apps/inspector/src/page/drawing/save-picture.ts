/** Pixels of a PNG per pixel of the picture, for print and sharp screens. */
const PNG_SCALE = 2;

/** How long the browser may take to fetch a file before its URL is released, in milliseconds. */
const FETCH_TIME = 10_000;

/**
 * Makes a file's name of a title: `repeat-copy-locations` for "Repeat copy: a sequence of 28 time steps".
 *
 * @param title - words, of which those before a colon count; the ending of a trace's file does not.
 * @param what - what the file shows, in a word.
 */
export function pictureName(title: string, what: string): string {
  const [subject = ""] = title.split(": ");
  const words =
    subject
      .replace(/\.json$/i, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return [...words, what].join("-").slice(-60).replace(/^-+/, "");
}

/** Saves an SVG as a file of the visitor's. */
export function saveSvg(name: string, svg: string): void {
  saveBlob(`${name}.svg`, svgBlob(svg));
}

/**
 * Draws an SVG and saves it as a PNG file of the visitor's.
 *
 * @param svg - with its width and height in pixels, and nothing from elsewhere.
 * @throws Error if the browser cannot draw it.
 */
export async function savePng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(svgBlob(svg));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = PNG_SCALE * image.naturalWidth;
    canvas.height = PNG_SCALE * image.naturalHeight;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!png) throw new Error(`${name}.png: the browser cannot draw a picture of this size.`);
    saveBlob(`${name}.png`, png);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function svgBlob(svg: string): Blob {
  return new Blob([svg], { type: "image/svg+xml" });
}

function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FETCH_TIME);
}
