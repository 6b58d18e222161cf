// Builds elements: the only maker of DOM nodes. Refuses HTML: what it is given as text can never become markup.

/** An element. A property that is a function listens to the event `on…`; null and false are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) give(node, name, value);
  const absent = [null, undefined, false];
  node.append(...children.flat(Infinity).filter((child) => !absent.includes(child)));
  return node;
}

/** A button that submits nothing. */
export function button(props, ...children) {
  return h("button", { type: "button", ...props }, ...children);
}

function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

/** Set style properties one by one through the CSSOM: the content policy forbids style attributes. */
export function restyle(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
  return node;
}

/** Put new children in place of the old, keeping the focus on the control that has the same `data-key`. */
export function refill(node, ...children) {
  const held = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (held) node.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

/** Whether somebody is typing there, so that keys are letters and no commands. */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), select, textarea") !== null;
}

/** Say something to those who do not see the page. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}
