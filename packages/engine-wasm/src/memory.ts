const MEBIBYTE = 2 ** 20;
/** In MiB: a larger history could leave too little of the 4 GiB that WebAssembly addresses. */
const LARGEST_HISTORY = 1024;
const SHARE = 1 / 8;

/**
 * Returns the largest history of links and memory that a network keeps whole: an eighth of the memory that this process can still
 * allocate, or that a page's machine has. To compute steps again costs WebAssembly more time than to keep them; natively
 * it is the other way round.
 *
 * @returns MiB, at most 1024; 0 where nothing is known of the machine's memory.
 */
export function largestHistory(): number {
  const { deviceMemory = 0 } = (globalThis.navigator ?? {}) as { readonly deviceMemory?: number }; // GiB
  const memory = globalThis.process?.availableMemory?.() ?? deviceMemory * 2 ** 30;
  return Math.min(LARGEST_HISTORY, (SHARE * memory) / MEBIBYTE);
}
