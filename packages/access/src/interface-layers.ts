import type { CompleteMemoryVariants } from "./variants.js";

/** A linear layer of the interface. */
export type InterfaceLayer = {
  /** Name, as in a checkpoint of the reference. */
  readonly name: string;
  /** Number of outputs. */
  readonly size: number;
  /** Its place among the layers of all variants, which determines its seed: a variant changes no other layer. */
  readonly index: number;
};

/** What the layers depend on. */
export type InterfaceSizes = Omit<CompleteMemoryVariants, "initialMemory"> & {
  /** Length W of a memory word. */
  readonly wordSize: number;
  /** Number of read heads R. */
  readonly readHeads: number;
  /** Number of write heads. */
  readonly writeHeads: number;
};

/**
 * Lists the linear layers of the interface in the order of their variables: the reference's, then those of the variants.
 *
 * @param sizes - sizes of words and heads, and the variants; `sizes` and variants of a `MemoryAccess`'s config.
 * @returns name, number of outputs and place of each layer. The four layers with a sigmoid are adjacent.
 */
export function interfaceLayers(sizes: InterfaceSizes): InterfaceLayer[] {
  const { wordSize, readHeads, writeHeads, masking, sharpness, links } = sizes;
  const layers: readonly (readonly [name: string, size: number, isPresent?: boolean])[] = [
    ["write_vectors", writeHeads * wordSize],
    ["erase_vectors", writeHeads * wordSize],
    ["free_gate", readHeads],
    ["allocation_gate", writeHeads],
    ["write_gate", writeHeads],
    ["read_mode", readHeads * (1 + 2 * writeHeads), links],
    ["write_keys", writeHeads * wordSize],
    ["write_strengths", writeHeads],
    ["read_keys", readHeads * wordSize],
    ["read_strengths", readHeads],
    ["write_masks", writeHeads * wordSize, masking !== false],
    ["read_masks", readHeads * wordSize, masking !== false],
    ["forward_sharpness", readHeads * writeHeads, sharpness],
    ["backward_sharpness", readHeads * writeHeads, sharpness],
  ];
  return layers.flatMap(([name, size, isPresent = true], index) => (isPresent ? [{ name, size, index }] : []));
}
