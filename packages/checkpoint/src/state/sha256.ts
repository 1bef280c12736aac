/**
 * Computes the SHA-256 of bytes, as lower-case hexadecimal digits. The bytes are copied before this returns; hashing
 * runs off the calling thread.
 *
 * @throws Error if there is no WebCrypto, as in a page that was not loaded over https.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined)
    throw new Error("SHA-256: expected crypto.subtle, which browsers give only to pages from https or localhost");
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
