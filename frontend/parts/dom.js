// Builds elements: the only maker of DOM nodes. Refuses HTML: what it is given as text can never become markup.

/**
 * @typedef {Node | string | number | boolean | null | undefined | Child[]} Child What may stand in an element; of these
 *   only nodes, texts and numbers are shown.
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Props
 */

/**
 * An element. A property that is a function listens to the event `on…`; null and false are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) give(node, name, value);
  node.append(...shown(children));
  return node;
}

/**
 * What is to be shown of these, in one list.
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function shown(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return shown(child);
    if (child === null || child === undefined || typeof child === "boolean") return [];
    return [typeof child === "number" ? String(child) : child];
  });
}

/**
 * The element that the page always has under this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`The page has no element ${id}.`);
  return node;
}

/**
 * A button that submits nothing.
 * @param {Props} props
 * @param {...Child} children
 */
export function button(props, ...children) {
  return h("button", { type: "button", ...props }, ...children);
}

/** @param {Element} node @param {string} name @param {Props[string]} value */
function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.slice(2), value);
  else if (name === "lang" && value === "other") node.setAttribute(name, "und"); // no language of that name
  else node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Set style properties one by one through the CSSOM: the content policy forbids style attributes.
 * @template {HTMLElement} N
 * @param {N} node
 * @param {Record<string, string>} properties
 * @returns {N}
 */
export function restyle(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
  return node;
}

/**
 * Put new children in place of the old, keeping the focus on the control that has the same `data-key`.
 * @param {Element} node
 * @param {...Child} children
 */
export function refill(node, ...children) {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && node.contains(focused) ? focused.dataset.key : null;
  node.replaceChildren(...shown(children));
  if (!key) return;
  const control = node.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (control instanceof HTMLElement) control.focus({ preventScroll: true });
}

/** @type {WeakMap<Element, Map<string, { told: string, child: HTMLElement }>>} */
const keptRows = new WeakMap();

/**
 * Keep a list in step with what it shows: an item whose value is as before keeps its element, and with it the focus, the
 * caret and whatever is half typed there; others are made anew.
 * @param {Element} node that holds nothing else
 * @param {{ key: string, value: unknown, make: () => HTMLElement }[]} items
 */
export function keyed(node, items) {
  const before = keptRows.get(node) ?? new Map();
  const after = new Map();
  for (const { key, value, make } of items) {
    const told = JSON.stringify(value);
    const old = before.get(key);
    after.set(key, old?.told === told ? old : { told, child: make() });
  }
  for (const [key, { child }] of before) if (after.get(key)?.child !== child) child.remove();
  let next = node.firstChild;
  for (const { child } of after.values()) {
    if (next && child === next) next = next.nextSibling;
    else node.insertBefore(child, next);
  }
  keptRows.set(node, after);
}

/**
 * Draw something anew, and put back what was typed and chosen there: fields are known by their id.
 * @param {Element} node
 * @param {() => void} redraw
 */
export function keepTyped(node, redraw) {
  /** @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */
  const fields = () => [...node.querySelectorAll("input[id]:not([type=file]), select[id], textarea[id]")].map((field) => /** @type {any} */ (field));
  const typed = new Map(fields().map((field) => [field.id, { value: field.value, checked: "checked" in field && field.checked }]));
  const focused = document.activeElement?.id;
  redraw();
  for (const field of fields()) {
    const before = typed.get(field.id);
    if (!before) continue;
    field.value = before.value;
    if ("checked" in field) field.checked = before.checked;
  }
  const again = focused && node.querySelector(`#${CSS.escape(focused)}`);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/**
 * Whether somebody is typing there, so that keys are letters and no commands.
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), select, textarea") !== null;
}

/**
 * Say something to those who do not see the page.
 * @param {string} text
 */
export function announce(text) {
  byId("live").textContent = text;
}

const WRITTEN = 60_000; // milliseconds: the browser needs a file's address until it is written

/**
 * Hand a file to the browser's downloads.
 * @param {{ name: string, blob: Blob }} file
 */
export function save({ name, blob }) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), WRITTEN);
}
