/** Whether this machine is little-endian, as the files are. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Copies floats into a file's bytes, as little-endian float32 from byte `at`. */
export function writeFloats(bytes: Uint8Array, at: number, values: Float32Array, littleEndian = LITTLE_ENDIAN): void {
  if (littleEndian) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const [index, value] of values.entries()) view.setFloat32(at + 4 * index, value, true);
}

/** Copies little-endian float32 bytes of any alignment into floats. */
export function readFloats(bytes: Uint8Array, littleEndian = LITTLE_ENDIAN): Float32Array {
  const values = new Float32Array(bytes.length / 4);
  if (littleEndian) {
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat32(4 * index, true);
  return values;
}
