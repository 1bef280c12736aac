import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { checkRequest, type Place } from "./check-request.js";
import { openWithin, type Refusal } from "./open-within.js";
import { type Opening, pageFile, type ServedFile } from "./routes.js";
import { sendFile } from "./send-file.js";

/** What a server answers with. */
export interface Answers {
  /** The folder of the built page, with links resolved. */
  readonly page: string;
  readonly opening: Opening;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the server listens. */
  readonly place: () => Place;
}

/** Status and sentence for a file that is not served. */
const REFUSALS: Readonly<Record<Refusal, readonly [status: number, sentence: string]>> = {
  missing: [404, "There is no such file."],
  outside: [403, "The inspector serves no file outside of what it has opened, also not through a link."],
  "not a file": [403, "The inspector serves plain files only."],
  unreadable: [500, "The file cannot be read."],
};

/** Returns what answers every request of a server. */
export function answering(answers: Answers): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(answers.headers)) response.setHeader(name, value);
    answer(request, response, answers).catch(() => response.destroy());
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { page, opening, place }: Answers,
): Promise<void> {
  const path = request.url?.split("?", 1)[0] ?? "";
  const denial = checkRequest(request, path, place());
  if (denial) {
    if (denial.status === 405) response.setHeader("Allow", "GET, HEAD");
    return sendSentence(request, response, denial.status, denial.sentence);
  }
  const below = path.slice(place().token.length + 2);
  const file = opening.find(below) ?? pageFile(page, below);
  if (file === undefined) return sendSentence(request, response, ...REFUSALS.missing);
  await answerWith(request, response, file);
}

async function answerWith(request: IncomingMessage, response: ServerResponse, served: ServedFile): Promise<void> {
  const opened = await openWithin(served.folder, served.name);
  if (typeof opened === "string") return sendSentence(request, response, ...REFUSALS[opened]);
  try {
    response.setHeader("Content-Type", served.contentType);
    response.setHeader("Cache-Control", served.cacheControl);
    await sendFile(request, response, opened);
  } finally {
    await opened.close();
  }
}

function sendSentence({ method }: IncomingMessage, response: ServerResponse, status: number, sentence: string): void {
  const body = Buffer.from(`${sentence}\n`);
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Length": body.length,
  });
  response.end(method === "HEAD" ? undefined : body);
}
