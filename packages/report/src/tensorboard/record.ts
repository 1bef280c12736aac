import { concat } from "./bytes.js";
import { maskedCrc32c } from "./crc32c.js";

/**
 * Encodes one record of a TFRecord file: length (8 bytes), checksum of the length, data, checksum of the data; numbers
 * are little-endian, checksums masked.
 *
 * Source: TensorFlow's "TFRecords format details", https://www.tensorflow.org/tutorials/load_data/tfrecord.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, checksum(length), data, checksum(data)]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, maskedCrc32c(bytes), true);
  return checksum;
}
