/** Styles of a page that compares runs. */
export const COMPARISON_STYLE = `
`;
