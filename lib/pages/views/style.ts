/** The style sheet of the pages: from 320 px on, light and dark, by custom properties. */

/** The sheet, its classes and properties under a prefix. */
export function styleSheet(prefix: string): string {
  return SHEET.replaceAll("sms2fa-", `${prefix}-`);
}

const SHEET = `.sms2fa-page, .sms2fa-body {
  --sms2fa-ground: #ffffff;
  --sms2fa-ink: #1a2230;
  --sms2fa-soft: #4a5568;
  --sms2fa-line: #6b7686;
  --sms2fa-accent: #1d4f91;
  --sms2fa-on-accent: #ffffff;
  --sms2fa-error: #b3141f;
  --sms2fa-raised: #eef3fa;
  --sms2fa-radius: 0.375rem;
  --sms2fa-font: system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  .sms2fa-page, .sms2fa-body {
    --sms2fa-ground: #12161d;
    --sms2fa-ink: #e8ecf2;
    --sms2fa-soft: #b3bdcb;
    --sms2fa-line: #8a95a6;
    --sms2fa-accent: #9cc3ff;
    --sms2fa-on-accent: #0b1a2e;
    --sms2fa-error: #ff9ba1;
    --sms2fa-raised: #1f2733;
  }
}
.sms2fa-body {
  color-scheme: light dark;
  margin: 0;
  background: var(--sms2fa-ground);
}
.sms2fa-header, .sms2fa-main {
  box-sizing: border-box;
  max-width: 34rem;
  margin: 0 auto;
  padding: 1rem;
}
.sms2fa-header {
  padding-bottom: 0;
  color: var(--sms2fa-soft);
  font: 700 1.25rem/1.5 var(--sms2fa-font);
}
.sms2fa-page {
  color: var(--sms2fa-ink);
  font-family: var(--sms2fa-font);
  font-size: 1.0625rem;
  line-height: 1.55;
  overflow-wrap: anywhere;
}
.sms2fa-page *, .sms2fa-page *::before { box-sizing: border-box; }
.sms2fa-page :focus-visible, .sms2fa-summary:focus {
  outline: 3px solid var(--sms2fa-accent);
  outline-offset: 2px;
}
.sms2fa-title { margin: 0.75rem 0; font-size: 1.75rem; line-height: 1.2; }
.sms2fa-subtitle { margin: 0 0 0.25rem; font-size: 1.125rem; line-height: 1.3; }
.sms2fa-page p { margin: 0.5rem 0; }
.sms2fa-page .sms2fa-status { margin: 0; }
.sms2fa-section { margin-top: 2rem; }
.sms2fa-form { margin: 1rem 0; }
.sms2fa-field { margin: 1.25rem 0; }
.sms2fa-label { display: block; font-weight: 600; }
.sms2fa-page .sms2fa-hint { margin: 0.125rem 0; color: var(--sms2fa-soft); }
.sms2fa-page .sms2fa-error { margin: 0.125rem 0; color: var(--sms2fa-error); }
.sms2fa-input {
  width: 100%;
  max-width: 14rem;
  min-height: 3rem;
  margin-top: 0.375rem;
  padding: 0.5rem 0.75rem;
  border: 2px solid var(--sms2fa-line);
  border-radius: var(--sms2fa-radius);
  background: var(--sms2fa-ground);
  color: var(--sms2fa-ink);
  font: inherit;
  font-size: 1.375rem;
  font-variant-numeric: tabular-nums;
  letter-spacing: 0.15em;
}
.sms2fa-tel { max-width: 20rem; font-size: 1.125rem; letter-spacing: normal; }
[dir="rtl"] .sms2fa-input { text-align: end; }
.sms2fa-input[aria-invalid] { border-color: var(--sms2fa-error); }
.sms2fa-button {
  min-height: 2.75rem;
  padding: 0.5rem 1.25rem;
  border: 2px solid var(--sms2fa-accent);
  border-radius: var(--sms2fa-radius);
  background: var(--sms2fa-accent);
  color: var(--sms2fa-on-accent);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
.sms2fa-second { background: transparent; color: var(--sms2fa-accent); }
.sms2fa-button[aria-disabled="true"] {
  border-color: var(--sms2fa-line);
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
.sms2fa-link, .sms2fa-summary a { display: inline-block; min-height: 1.625rem; }
.sms2fa-summary {
  margin: 1rem 0 1.5rem;
  padding: 0.75rem 1rem;
  border: 3px solid var(--sms2fa-error);
  border-radius: var(--sms2fa-radius);
}
.sms2fa-page .sms2fa-told {
  margin: 1rem 0;
  padding: 0.5rem 1rem;
  border-inline-start: 4px solid var(--sms2fa-accent);
  background: var(--sms2fa-raised);
}
@media (forced-colors: active) {
  .sms2fa-button, .sms2fa-summary { border-color: currentColor; }
}
`;
