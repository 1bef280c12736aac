/**
 * Makes a Markdown parser emit code in headings as text between tags: typedoc builds its list of headings, and their
 * anchors, from text only.
 *
 * @param parser - a markdown-it parser.
 */
export function keepCodeOfHeadings(parser) {
  parser.core.ruler.push("heading_code", ({ tokens, Token }) => {
    const token = (type, content) => Object.assign(new Token(type, "", 0), { content });
    const asText = (part) =>
      part.type === "code_inline"
        ? [token("html_inline", "<code>"), token("text", part.content), token("html_inline", "</code>")]
        : [part];
    for (const [index, { type }] of tokens.entries()) {
      if (type !== "heading_open") continue;
      const inline = tokens[index + 1];
      inline.children = inline.children.flatMap(asText);
    }
  });
}
