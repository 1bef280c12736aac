/**
 * Colours of the chart: the names of the page's custom properties, and what a file has instead. Heads differ in lightness too,
 * so that they can be told apart in greyscale and with any colour vision.
 */
const COLOURS = {
  card: "#ffffff",
  ink: "#1b2126",
  muted: "#5b6670",
  line: "#dde1e3",
  accent: "#0d6b73",
  c1: "#0d6b73",
  c2: "#c94f00",
  c3: "#5148c8",
  c4: "#94700a",
  c5: "#b0408a",
  c6: "#2f8a4e",
  c7: "#6a7077",
} as const;

export type ColourName = keyof typeof COLOURS;

/** Colours of write heads and of read heads in their order; further heads begin again. */
const HEADS = { write: ["c1", "c6", "c7"], read: ["c2", "c3", "c4", "c5"] } as const;

/** Returns the value of an attribute for a colour. */
export type Paint = (colour: ColourName) => string;

/** Creates a `Paint`: with the colours of the page, or with those of a file, which not every program reads from properties. */
export function painter(inPage: boolean): Paint {
  return (colour) => (inPage ? `var(--${colour}, ${COLOURS[colour]})` : COLOURS[colour]);
}

export function headColour(kind: "write" | "read", head: number): ColourName {
  const colours = HEADS[kind];
  return colours[head % colours.length];
}
