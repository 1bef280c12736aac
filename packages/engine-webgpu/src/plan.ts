/** An array that the invocations of a workgroup share. */
export interface SharedArray {
  readonly name: string;
  /** How many numbers. */
  readonly size: number;
  /** The larger, the more a place in workgroup memory is worth to it, number by number. */
  readonly worth: number;
  /** It may be read where it comes from instead, and then needs no place of its own. */
  readonly cache?: boolean;
}

/** Where the arrays of a kernel lie. */
export interface MemoryPlan {
  /** Names of those in workgroup memory. */
  readonly workgroup: ReadonlySet<string>;
  /** Where the others begin in an element's part of the scratch buffer; caches have no place there. */
  readonly scratch: ReadonlyMap<string, number>;
  readonly workgroupBytes: number;
  /** Numbers of scratch that one batch element needs. */
  readonly scratchSize: number;
}

/** Implementations may round each array up to so many bytes. */
const ALIGNMENT = 16;

/**
 * Gives workgroup memory to arrays, the worthiest first, of equal ones the smaller, then the first; what does not fit goes to
 * scratch.
 *
 * @param arrays - each with a name of its own.
 * @param limit - bytes of workgroup memory that the device has.
 */
export function planMemory(arrays: readonly SharedArray[], limit: number): MemoryPlan {
  const workgroup = new Set<string>();
  const scratch = new Map<string, number>();
  let [workgroupBytes, scratchSize] = [0, 0];
  for (const { name, size, cache } of [...arrays].sort((a, b) => b.worth - a.worth || a.size - b.size)) {
    const bytes = Math.ceil((4 * size) / ALIGNMENT) * ALIGNMENT;
    if (workgroupBytes + bytes <= limit) {
      workgroup.add(name);
      workgroupBytes += bytes;
    } else if (!cache) {
      scratch.set(name, scratchSize);
      scratchSize += size;
    }
  }
  return { workgroup, scratch, workgroupBytes, scratchSize };
}
