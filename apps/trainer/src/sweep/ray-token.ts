import { UsageError } from "@dnc/settings";

/** Name of the variable with the token: the same that Ray's own programs read. */
export const TOKEN_VARIABLE = "RAY_AUTH_TOKEN";

/**
 * Reads the token that a cluster may ask for.
 *
 * @param environment - variables of the process.
 * @returns the token without spaces around it; undefined if there is none.
 * @throws UsageError if it cannot be sent. The message does not repeat it.
 */
export function rayToken(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const token = environment[TOKEN_VARIABLE]?.trim();
  if (token === undefined || token === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(`${TOKEN_VARIABLE}: expected printable ASCII characters without spaces, got others`);
  return token;
}
