/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** Lookup table: effect of each byte on the remainder. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** Constant added by the mask. Without it the checksum of bytes that include their own checksum would be constant. */
const MASK_DELTA = 0xa282ead8;

/**
 * Computes the CRC-32C checksum. Source: RFC 3720, section 12.1 and appendix B.4.
 *
 * @returns an unsigned integer of 32 bits.
 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = TABLE[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

/**
 * Computes the masked checksum of a record: the checksum rotated right by 15 bits, plus a constant.
 *
 * Source: TensorFlow's "TFRecords format details", https://www.tensorflow.org/tutorials/load_data/tfrecord.
 *
 * @returns an unsigned integer of 32 bits.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
