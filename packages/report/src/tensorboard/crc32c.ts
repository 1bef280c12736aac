/** The Castagnoli polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** What each byte does to the remainder. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** Added by the mask, so that the checksum of bytes that hold their own checksum is no constant. */
const MASK_DELTA = 0xa282ead8;

/**
 * The CRC-32C checksum. Source: RFC 3720, section 12.1 and appendix B.4.
 *
 * @returns an unsigned integer of 32 bits.
 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = TABLE[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

/**
 * The checksum as records hold it: turned right by 15 bits, plus a constant.
 *
 * Source: TensorFlow's "TFRecords format details", https://www.tensorflow.org/tutorials/load_data/tfrecord.
 *
 * @returns an unsigned integer of 32 bits.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
