/** Text that would end a text, an attribute, a style sheet or a preformatted text, and run a script. */
export const HOSTILE = `</pre></style></title></svg>\0<script>alert("&")</script><img src='https://example.org/x' onerror=a()>`;

/** Lists the tags that are not closed properly, in order; empty for well-formed markup. */
export function unclosed(markup: string): readonly string[] {
  const empty = /^(!doctype|meta|link|img|br|line|path)$/;
  const open: string[] = [];
  const body = markup.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, slash, name, self] of body.matchAll(/<(\/?)([a-z!][a-z0-9]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (slash) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!self && !empty.test(name)) open.push(name);
  }
  return open;
}
