/** The rules that code is held to, beside Prettier. */

"use strict";

const js = require("@eslint/js");
const globals = require("globals");
const tseslint = require("typescript-eslint");

module.exports = tseslint.config(
  // The consumers' apps and the examples are compiled with dependencies of their own.
  {
    ignores: [
      "**/dist/",
      "coverage/",
      "artefacts/",
      "docs/api/",
      "**/acme-data/",
      ".docs-*/",
      "**/node_modules/",
      "test/consumers/hosts/",
      "examples/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.mts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { ignoreRestSiblings: true, argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs", "scripts/pictures", "scripts/references", "scripts/survey"],
    languageOptions: { sourceType: "commonjs", globals: { ...globals.node, ...globals.jest } },
  },
  {
    files: ["demo-app/public/**/*.js"],
    languageOptions: { sourceType: "script", globals: globals.browser },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
);
