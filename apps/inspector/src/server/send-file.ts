import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type ByteRange, parseRange } from "./byte-range.js";

/**
 * Answers with an open file, or with the range of it that is asked for. Big files are not read as a whole.
 *
 * @param file - a plain file; the caller closes it.
 */
export async function sendFile(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  file: FileHandle,
): Promise<void> {
  const { size, ino, mtime, mtimeMs } = await file.stat();
  const etag = `"${ino.toString(36)}-${size.toString(36)}-${mtimeMs.toString(36)}"`;
  response.setHeader("ETag", etag);
  response.setHeader("Last-Modified", mtime.toUTCString());
  response.setHeader("Accept-Ranges", "bytes");
  if (headers["if-none-match"] === etag) return void response.writeHead(304).end();
  const isSameFile = headers["if-range"] === undefined || headers["if-range"] === etag;
  const range = parseRange(isSameFile ? headers.range : undefined, size);
  if (range === "unsatisfiable")
    return void response.writeHead(416, { "Content-Range": `bytes */${size}`, "Content-Length": 0 }).end();
  const { start, end } = range ?? { start: 0, end: size };
  const part = range && { "Content-Range": `bytes ${start}-${end - 1}/${size}` };
  response.writeHead(range ? 206 : 200, { "Content-Length": end - start, ...part });
  if (method === "HEAD" || end === start) return void response.end();
  await sendBytes(response, file, { start, end });
}

/** A file that has become shorter cannot be sent as announced: the connection is broken off, so that the browser notices. */
async function sendBytes(response: ServerResponse, file: FileHandle, { start, end }: ByteRange): Promise<void> {
  const bytes = file.createReadStream({ start, end: end - 1, autoClose: false });
  try {
    await pipeline(bytes, response, { end: false });
    if (bytes.bytesRead === end - start) response.end();
    else response.destroy();
  } catch {
    response.destroy(); // the browser has gone, or the file cannot be read further
  }
}
