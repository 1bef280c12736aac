/**
 * The colours of reports, light and dark, as custom properties of CSS: `--paper` and `--card` behind, `--ink` and `--muted` text, `--line`
 * borders, `--accent`, `--alert` and `--mark` for what stands out, `--little` to `--much` for shares, `--trained` for what was trained or selected.
 */
export const THEME = `:root {
  color-scheme: light dark;
  --paper: #fbfbf9; --card: #ffffff; --ink: #1b2126; --muted: #5b6670; --line: #dde1e3;
  --accent: #0d6b73; --alert: #a5371f; --mark: #f8d3c8;
  --little: #edf0ef; --much: #0f6f77; --on-much: #ffffff; --trained: #c8541f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11161a; --card: #181f24; --ink: #e4e8ea; --muted: #98a4ad; --line: #2c363d;
    --accent: #5ec5c9; --alert: #f08c70; --mark: #7a3220;
    --little: #1f282e; --much: #4fb9ba; --on-much: #0a1214; --trained: #f3a066;
  }
}
`;
