/** Converts a title to the name of a file without its ending: `write-weighting-head-1`. */
export function fileName(title: string): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 60) || "chart";
}
