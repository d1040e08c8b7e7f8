/** The style sheet of the pages: from 320 px on, light and dark, a card where there is room. */

/** The sheet, its classes and properties under a prefix. */
export function styleSheet(prefix: string): string {
  const sheet = SHEET.replace(
    /var\(--sms2fa-([a-z-]+)\)/g,
    "var(--sms2fa-$1, var(--sms2fa-default-$1))",
  );
  return sheet.replaceAll("sms2fa-", `${prefix}-`);
}

// Attributes by which apps and their frameworks name a theme. In :where(), so that it weighs nothing.
const THEMES = ["data-theme", "data-bs-theme", "data-color-scheme", "data-color-mode"];

function themed(name: string): string {
  return `:where(${THEMES.map((attribute) => `[${attribute}="${name}" i]`).join(", ")})`;
}

// Light, dark. No property of the app's is ever set here, only asked for: so one of the app's holds wherever it
// stands, on `:root`, in a layer, or in a sheet before this one.
const COLOURS = {
  ground: ["#ffffff", "#151a22"],
  ink: ["#1a2230", "#e8ecf2"],
  soft: ["#4a5568", "#b3bdcb"],
  line: ["#6b7686", "#8a95a6"],
  accent: ["#1d4f91", "#9cc3ff"],
  "on-accent": ["#ffffff", "#0b1a2e"],
  error: ["#b3141f", "#ff9ba1"],
  raised: ["#eef3fa", "#222b38"],
  edge: ["#d9dfe8", "#313b4a"],
  backdrop: ["#f2f4f8", "#0b0e13"],
} as const;

const defaults = (write: (light: string, dark: string) => string): string =>
  Object.entries(COLOURS)
    .map(([name, [light, dark]]) => `--sms2fa-default-${name}: ${write(light, dark)};`)
    .join(" ");

const SHEET = `.sms2fa-page, .sms2fa-body {
  ${defaults((light) => light)}
  --sms2fa-default-radius: 0.375rem;
  --sms2fa-default-font: system-ui, sans-serif;
}
/* As light or dark as what is around: the app's own color-scheme, else what it calls its theme. */
@supports (color: light-dark(#fff, #000)) {
  .sms2fa-page, .sms2fa-body { ${defaults((light, dark) => `light-dark(${light}, ${dark})`)} }
  ${themed("dark")} { --sms2fa-scheme: dark; }
  ${themed("light")} { --sms2fa-scheme: light; }
  .sms2fa-page { color-scheme: var(--sms2fa-scheme, inherit); }
}
.sms2fa-body {
  color-scheme: light dark;
  box-sizing: border-box;
  min-height: 100vh;
  min-height: 100dvh;
  margin: 0;
  background: var(--sms2fa-ground);
}
.sms2fa-header, .sms2fa-main {
  box-sizing: border-box;
  width: 100%;
  max-width: 29rem;
  margin: 0 auto;
  padding: 1.25rem;
}
.sms2fa-header {
  padding-bottom: 0;
  color: var(--sms2fa-soft);
  font: 700 1.125rem/1.5 var(--sms2fa-font);
}
/* A card in the middle of a window that has room for one. */
@media (min-width: 40rem) {
  .sms2fa-body {
    display: grid;
    align-content: safe center;
    padding: 2rem 1rem 4rem;
    background: var(--sms2fa-backdrop);
  }
  .sms2fa-header { padding: 0 0 1.25rem; text-align: center; }
  .sms2fa-main {
    padding: 2.25rem 2.5rem;
    border: 1px solid var(--sms2fa-edge);
    border-radius: 0.75rem;
    background: var(--sms2fa-ground);
    box-shadow: 0 1px 3px #0000000f, 0 8px 24px #0000000d;
  }
}
.sms2fa-page {
  /* With a ground of its own it is read in a frame of any colour. */
  max-width: 31rem;
  padding: 0.5rem 1rem;
  background: var(--sms2fa-ground);
  color: var(--sms2fa-ink);
  font-family: var(--sms2fa-font);
  font-size: 1rem;
  line-height: 1.5;
  overflow-wrap: anywhere;
}
/* Lines end between phrases, where the browser knows them. */
.sms2fa-page:lang(ja) { word-break: auto-phrase; }
.sms2fa-main > .sms2fa-page { padding: 0; }
.sms2fa-page *, .sms2fa-page *::before { box-sizing: border-box; }
.sms2fa-page :focus-visible, .sms2fa-summary:focus {
  outline: 3px solid var(--sms2fa-accent);
  outline-offset: 2px;
}
.sms2fa-title { margin: 0 0 0.75rem; font-size: 1.625rem; line-height: 1.2; letter-spacing: -0.01em; }
.sms2fa-subtitle { margin: 0 0 0.25rem; font-size: 1rem; line-height: 1.35; }
.sms2fa-page p { margin: 0.5rem 0; }
.sms2fa-page .sms2fa-status, .sms2fa-page .sms2fa-delivery:empty { margin: 0; }
.sms2fa-section {
  margin-top: 1.5rem;
  padding-top: 1.25rem;
  border-top: 1px solid var(--sms2fa-edge);
}
.sms2fa-section p, .sms2fa-section ul { color: var(--sms2fa-soft); font-size: 0.9375rem; }
.sms2fa-section ul { margin: 0.5rem 0 0; padding: 0; list-style: none; }
.sms2fa-section li { margin: 0.5rem 0; }
.sms2fa-form { margin: 1rem 0 0; }
.sms2fa-field { margin: 1.25rem 0; }
.sms2fa-label { display: block; font-weight: 600; }
.sms2fa-page .sms2fa-hint { margin: 0.125rem 0; color: var(--sms2fa-soft); }
.sms2fa-delivery { color: var(--sms2fa-soft); }
.sms2fa-page .sms2fa-error { margin: 0.125rem 0; color: var(--sms2fa-error); }
.sms2fa-input {
  width: 100%;
  min-height: 3.25rem;
  margin-top: 0.375rem;
  padding: 0.5rem 0.875rem;
  border: 2px solid var(--sms2fa-line);
  border-radius: var(--sms2fa-radius);
  background: var(--sms2fa-ground);
  color: var(--sms2fa-ink);
  font: inherit;
  font-size: 1.75rem;
  line-height: 1.2;
  font-variant-numeric: tabular-nums;
  letter-spacing: 0.25em;
}
.sms2fa-tel { font-size: 1.25rem; letter-spacing: normal; }
[dir="rtl"] .sms2fa-input { text-align: end; }
.sms2fa-input[aria-invalid] { border-color: var(--sms2fa-error); }
.sms2fa-choice { display: flex; gap: 0.625rem; align-items: flex-start; }
.sms2fa-check {
  flex: none;
  width: 1.5rem;
  height: 1.5rem;
  margin: 0;
  accent-color: var(--sms2fa-accent);
}
.sms2fa-button {
  width: 100%;
  min-height: 3rem;
  padding: 0.5rem 1.25rem;
  border: 2px solid var(--sms2fa-accent);
  border-radius: var(--sms2fa-radius);
  background: var(--sms2fa-accent);
  color: var(--sms2fa-on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
.sms2fa-second {
  border: 1px solid var(--sms2fa-line);
  background: transparent;
  color: var(--sms2fa-accent);
}
.sms2fa-button[aria-disabled="true"] {
  border-color: var(--sms2fa-edge);
  background: transparent;
  color: var(--sms2fa-soft);
  cursor: default;
}
.sms2fa-plain {
  min-height: 2rem;
  padding: 0;
  border: 0;
  background: none;
  color: var(--sms2fa-accent);
  font: inherit;
  text-decoration: underline;
  text-underline-offset: 0.15em;
  cursor: pointer;
}
.sms2fa-link, .sms2fa-summary a { color: var(--sms2fa-accent); text-underline-offset: 0.15em; }
.sms2fa-summary a { color: var(--sms2fa-error); }
/* Inline, so that the bullet of one that wraps stands at its first line; padded to be 24 px high. */
.sms2fa-link, .sms2fa-summary a { padding-block: 0.25rem; }
.sms2fa-summary {
  margin: 0 0 1.5rem;
  padding: 0.75rem 1rem;
  border: 2px solid var(--sms2fa-error);
  border-radius: var(--sms2fa-radius);
}
.sms2fa-page .sms2fa-told, .sms2fa-page .sms2fa-what {
  margin: 1rem 0;
  padding: 0.625rem 0.875rem;
  border-inline-start: 4px solid var(--sms2fa-accent);
  border-radius: 0.25rem;
  background: var(--sms2fa-raised);
}
/* Still empty while its words wait to be read aloud. */
.sms2fa-page .sms2fa-told:empty { padding-block: 0; background: none; border-color: transparent; }
.sms2fa-tools { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1rem 0; }
.sms2fa-tools .sms2fa-button { flex: 1 1 auto; width: auto; }
.sms2fa-codes {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
  gap: 0.375rem 1.5rem;
  margin: 1.25rem 0;
  padding: 1rem;
  border: 2px solid var(--sms2fa-line);
  border-radius: var(--sms2fa-radius);
  list-style: none;
  font-family: ui-monospace, monospace;
  white-space: nowrap;
}
@media print {
  .sms2fa-page, .sms2fa-body { --sms2fa-scheme: light; color-scheme: light; }
  .sms2fa-page form, .sms2fa-tools, .sms2fa-link { display: none; }
}
/* What the script would show in time is there from the first where no script runs. */
@media (scripting: none) {
  .sms2fa-form[data-after-wait] { display: block; }
}
@media (forced-colors: active) {
  .sms2fa-button, .sms2fa-summary { border-color: currentColor; }
}
`;
