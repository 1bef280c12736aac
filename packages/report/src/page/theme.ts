/**
 * The colours of reports, light and dark, as custom properties of CSS: `--paper` and `--card` behind, `--ink` and `--muted` text, `--line`
 * borders, `--accent`, `--alert` and `--mark` for what stands out, `--little` to `--much` for shares, `--trained` for what was trained or selected,
 * `--c1` to `--c7` for curves and heads.
 */
export const THEME = `:root {
  color-scheme: light dark;
  --paper: #fbfbf9; --card: #ffffff; --ink: #1b2126; --muted: #5b6670; --line: #dde1e3;
  --accent: #0d6b73; --alert: #a5371f; --mark: #f8d3c8;
  --little: #edf0ef; --much: #0f6f77; --on-much: #ffffff; --trained: #c8541f;
  --c1: #0d6b73; --c2: #c94f00; --c3: #5148c8; --c4: #94700a; --c5: #b0408a; --c6: #2f8a4e; --c7: #6a7077;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11161a; --card: #181f24; --ink: #e4e8ea; --muted: #98a4ad; --line: #2c363d;
    --accent: #5ec5c9; --alert: #f08c70; --mark: #7a3220;
    --little: #1f282e; --much: #4fb9ba; --on-much: #0a1214; --trained: #f3a066;
    --c1: #5ec5c9; --c2: #ff9a5c; --c3: #a9a3ff; --c4: #e0bd55; --c5: #f08fce; --c6: #7fd69a; --c7: #b4bcc4;
  }
}
`;
