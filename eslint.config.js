// The rules of eslint for the page's modules: what the type checker does not see.

import js from "@eslint/js";

const MARKUP = "Text becomes nodes by parts/dom.js alone, and never markup.";

const BROWSER = ["AbortController", "Blob", "BroadcastChannel", "CSS", "DOMException", "DOMRect", "Element", "File", "FormData", "HTMLElement"]
  .concat(["HTMLInputElement", "IntersectionObserver", "Intl", "Node", "PublicKeyCredential", "Range", "URL", "URLSearchParams", "WeakMap", "addEventListener", "devicePixelRatio", "document", "fetch", "getComputedStyle", "getSelection", "history"])
  .concat(["localStorage", "location", "navigator", "scrollTo", "scrollY", "setTimeout", "clearTimeout", "print"]);

export default [
  { ignores: [".venv/**", "**/site-packages/**"] },
  js.configs.recommended,
  {
    files: ["frontend/**/*.js"],
    languageOptions: { globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])) },
    rules: {
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((property) => ({ property, message: MARKUP })),
        { object: "document", property: "write", message: MARKUP },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "MemberExpression[property.name='createElement']", message: MARKUP },
        { selector: "CallExpression[callee.name='fetch']", message: "Only service/send.js speaks with the service." },
      ],
    },
  },
  {
    files: ["frontend/parts/dom.js", "frontend/service/send.js"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["tests/unit/frontend/*.js", "eslint.config.js"],
    languageOptions: { globals: { URL: "readonly", globalThis: "readonly" } },
  },
  {
    files: ["**/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "off", // the type checker knows better
      "default-param-last": "off",
      eqeqeq: "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: false }],
      "no-unused-vars": ["error", { varsIgnorePattern: "^_+$", argsIgnorePattern: "^_+$" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
];
