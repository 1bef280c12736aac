/** A file with its path in what was dropped or picked. */
export interface GivenFile {
  readonly path: string;
  bytes(): Promise<Uint8Array>;
}
