import { randomBytes } from "node:crypto";
import type { AddressInfo, Server } from "node:net";
import type { Place } from "./check-request.js";
import { InspectorError } from "./inspector-error.js";
import type { UsedPlace } from "./places.js";

/** The only address: other machines cannot reach it. */
export const ADDRESS = "127.0.0.1";

/** The system refuses the port: it is taken, or not for this user. */
const REFUSED = ["EADDRINUSE", "EACCES"];

/**
 * Lets a server listen: where one of its kind did, if that port is free, otherwise on a free port with a new token.
 *
 * @param port - the only one that is wanted; undefined or 0: any.
 * @param places - where servers of its kind listened, the latest first.
 * @returns where it listens, and the other places that are still worth to be remembered.
 * @throws InspectorError (as a rejection) if it cannot.
 */
export async function listen(
  server: Server,
  port: number | undefined,
  places: readonly UsedPlace[],
): Promise<{ readonly place: Place; readonly others: readonly UsedPlace[] }> {
  let others = places;
  for (const candidate of places.filter((each) => !port || each.port === port)) {
    const { port, token, process } = candidate;
    const isFree = await canListen(server, port);
    // A port that a stranger has taken must not get its token back: the stranger may have been asked with it.
    if (isFree || !isRunning(process)) others = others.filter((each) => each !== candidate);
    if (isFree) return { place: { port, token }, others };
  }
  if (!(await canListen(server, port ?? 0)))
    throw new InspectorError(`port: expected a free port, got ${port}, which is in use or not allowed`);
  const token = randomBytes(32).toString("base64url");
  return { place: { port: (server.address() as AddressInfo).port, token }, others };
}

/** @throws InspectorError (as a rejection) if the reason is not the port. */
async function canListen(server: Server, port: number): Promise<boolean> {
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const settle = (error?: NodeJS.ErrnoException) => {
      server.off("error", settle);
      server.off("listening", settle);
      resolve(error);
    };
    server.once("error", settle).once("listening", settle);
    server.listen({ host: ADDRESS, port });
  });
  if (error === undefined) return true;
  if (REFUSED.includes(error.code ?? "")) return false;
  throw new InspectorError(`the inspector cannot listen on ${ADDRESS} (${error.message})`);
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
