import { SCRIPT } from "../src/page/script.js";

/** Text that would end a text, an attribute, a style sheet or a preformatted text, and run a script. */
export const HOSTILE = `</pre></style></title></svg>\0<script>alert("&")</script><img src='https://example.org/x' onerror=a()>`;

/** Removes the page's own script and style sheet, so that only what comes from the data is left. */
export function withoutOwn(page: string): string {
  return page.replace(`<script>${SCRIPT}</script>`, "").replace(/<style>[\s\S]*?<\/style>/, "");
}

/** Lists the tags that are not closed properly, in order; empty for well-formed markup. */
export function unclosed(markup: string): readonly string[] {
  const empty = /^(!doctype|meta|link|img|br|line)$/;
  const open: string[] = [];
  const body = withoutOwn(markup);
  for (const [, slash, name, self] of body.matchAll(/<(\/?)([a-z!][a-z0-9]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (slash) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!self && !empty.test(name)) open.push(name);
  }
  return open;
}
