import { maskedCrc32c } from "./crc32c.js";

/**
 * One record of a TFRecord file: length (8 bytes), checksum of the length, data, checksum of the data; numbers little
 * endian, checksums masked.
 *
 * Source: TensorFlow's "TFRecords format details", https://www.tensorflow.org/tutorials/load_data/tfrecord.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, checksum(length), data, checksum(data)]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(maskedCrc32c(bytes));
  return checksum;
}
