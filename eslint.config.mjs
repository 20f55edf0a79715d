// Every name a script uses is its own, imported, or a browser's: what a bundle cannot resolve is found here first.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/.venv/**", "site/**", "build/**", "dist/**", "grading/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2025, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
  { files: ["**/kernel.js"], languageOptions: { globals: globals.worker } },
];
