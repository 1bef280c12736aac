/** An array that the invocations of a workgroup share, in workgroup memory or in scratch. */
export interface SharedArray {
  readonly name: string;
  /** Number of elements. */
  readonly size: number;
  /** Arrays of higher priority get workgroup memory first. */
  readonly priority: number;
  /**
   * Whether the array is a copy of part of a buffer: if it does not fit into workgroup memory, the buffer is read
   * instead; default: false.
   */
  readonly cache?: boolean;
}

/** Placement of the arrays of a kernel. */
export interface MemoryPlan {
  /** Names of the arrays in workgroup memory. */
  readonly workgroup: ReadonlySet<string>;
  /** Offsets of the other arrays in a batch element's part of the scratch buffer; caches have none. */
  readonly scratch: ReadonlyMap<string, number>;
  readonly workgroupBytes: number;
  /** Scratch elements that one batch element needs. */
  readonly scratchSize: number;
}

/** What the plan of a pass depends on besides the network. */
export interface PassOptions {
  /** Invocations of a workgroup. */
  readonly threads: number;
  /** Workgroup memory, in bytes. */
  readonly limit: number;
  /** Largest number of partial sums of one kind. */
  readonly maxParts: number;
  /** Whether memory or link are in their buffers. */
  readonly stored: boolean;
}

/** Implementations may round the size of each array up to a multiple of this, in bytes. */
const ALIGNMENT = 16;

/**
 * Places arrays in workgroup memory by priority; of equal priority the smaller ones first, then in the order given. Those
 * that do not fit go to scratch.
 *
 * @param arrays - with unique names.
 * @param limit - workgroup memory of the device, in bytes.
 */
export function planMemory(arrays: readonly SharedArray[], limit: number): MemoryPlan {
  const workgroup = new Set<string>();
  const scratch = new Map<string, number>();
  let [workgroupBytes, scratchSize] = [0, 0];
  for (const { name, size, cache } of [...arrays].sort((a, b) => b.priority - a.priority || a.size - b.size)) {
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
