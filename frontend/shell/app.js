// Starts the page: who is signed in, which view the address asks for, which language is spoken.

import { factorView } from "../account/factor-view.js";
import { passwordView } from "../account/password-view.js";
import { language, speak, t } from "../languages/language.js";
import { announce, byId, h, isTyping, refill } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import * as api from "../service/api.js";
import { keepDossier, keptDossier } from "../service/expert.js";
import { Problem } from "../service/problem.js";
import { begin, forget, isLeaving, onLost, tellOtherTabs } from "../service/session.js";
import { isSignedOn, takeAnswer } from "../signin/sign-on.js";
import { signInView } from "../signin/signin-view.js";
import { Dossier } from "../state/dossier.js";
import { forgetPapers } from "../state/recent.js";
import { noteFromResults, place, reset } from "../state/router.js";
import { headerParts } from "./header.js";
import { openPalette } from "./palette.js";
import { routesOf, routeTo } from "./routes.js";
import { wearTheme } from "./theme-switch.js";
import { workBar } from "./work-bar.js";

/**
 * @import { Code, Person, Scheme } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 * @import { Place } from "../state/router.js"
 * @import { Given, Route, View } from "./routes.js"
 * @typedef {import("../languages/language.js").Key} Key
 * @typedef {object} Session what whoever is signed in has before them; dropped whole when they leave
 * @property {Person} person
 * @property {Scheme} scheme
 * @property {Route[]} routes
 * @property {Map<string, View>} views those that were entered
 * @property {Route | null} shown
 * @property {Dossier} dossier
 * @property {View | null} results the view with results that was shown last
 */

const header = byId("header");
const main = byId("main");
const skip = byId("skip");

/** @type {Session | null} */
let session = null;
/** @type {Person | null} whoever is signed in and must set something up before all their roles hold */
let settingUp = null;
/** @type {Key | ""} what the sign-in form says */
let message = "";
let turn = 0; // of whoever comes or leaves: an answer that was asked for in an earlier one shows nothing any more

function drawFrame() {
  document.documentElement.lang = language();
  skip.textContent = t("skip");
  header.hidden = false;
  const { person, scheme, routes, shown } = session ?? { person: settingUp, scheme: null, routes: [], shown: null };
  const given = { person, scheme, routes, shown, onLanguage: changeLanguage, onSignOut: signOut };
  refill(header, headerParts(given));
}

/**
 * The tab's title names no document: browsers keep titles in their history.
 * @param {Key} key
 */
function entitle(key) {
  document.title = `${t(key)} – ${t("product")}`;
}

/** @param {Code} code */
function changeLanguage(code) {
  speak(code);
  drawFrame();
  if (session) {
    for (const view of session.views.values()) view.redraw();
    if (session.shown) entitle(session.shown.title);
    else refuse(session);
  } else if (settingUp) showSetup(settingUp);
  else showSignIn();
}

function showSignIn() {
  const signedIn = async () => {
    tellOtherTabs();
    await enter("cookieRefused");
  };
  showAlone(signInView(message && t(message), signedIn));
}

/**
 * Put one view alone on the page: before somebody is signed in, or may go on.
 * @param {{ node: HTMLElement, focus: () => void }} view
 */
function showAlone(view) {
  entitle("titleSignIn");
  drawFrame();
  main.replaceChildren(view.node);
  view.focus();
}

/**
 * Lead somebody through what they must set up before all their roles hold.
 * @param {Person} person
 */
function showSetup(person) {
  settingUp = person;
  const done = () => enter("sessionOver");
  const password = person.must.includes("password");
  const view = password
    ? passwordView({ person, first: true, done })
    : factorView({ must: true, heading: "h1", done });
  view.node.classList.add("sign-in");
  showAlone(view);
}

/**
 * Leave the page to the next person: nothing of this one stays on it.
 * @param {Key | ""} said
 */
function endSession(said) {
  turn += 1;
  dropViews();
  forgetPapers();
  session?.dossier.close();
  session = null;
  settingUp = null;
  document.body.classList.remove("reading");
  message = said;
  showSignIn();
}

/** Nothing of the views goes on, and no question stays open. */
function dropViews() {
  for (const view of session?.views.values() ?? []) view.leave?.(place("#/"));
  for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
}

async function signOut() {
  session?.dossier.keep().catch(() => {}); // on its way before the session ends
  const ended = api.signOut().then(
    () => true,
    (problem) => problem.status === 401, // it was over already
  );
  forget();
  reset();
  endSession("signedOut");
  ended.then(tellOtherTabs);
  if (!(await ended) && !session) endSession("signOutFailed");
}

/**
 * Show whoever is signed in their views; if it is nobody, ask, and say this.
 * @param {Key | ""} otherwise
 */
async function enter(otherwise) {
  const asked = (turn += 1);
  try {
    const scheme = api.scheme(); // asked for at once, and looked at only where they may go on
    scheme.catch(() => {});
    const person = await api.me();
    if (asked !== turn) return;
    begin();
    if (person.must.length > 0) return showSetup(person);
    const known = await scheme;
    if (asked === turn) openSession(person, known);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (asked !== turn) return;
    if (problem.status !== 401) main.replaceChildren(notice(problem, () => enter(otherwise)));
    else if (!session) endSession(otherwise);
  }
}

/**
 * @param {Person} person
 * @param {Scheme} scheme
 */
function openSession(person, scheme) {
  dropViews();
  forgetPapers();
  message = "";
  settingUp = null;
  const dossier = session?.person.username === person.username ? session.dossier : new Dossier({ load: keptDossier, save: keepDossier });
  session = { person, scheme, routes: routesOf(person), views: new Map(), shown: null, dossier, results: null };
  main.replaceChildren();
  route();
}

/** After signing out everywhere. */
function leaveEverywhere() {
  forget();
  reset();
  endSession("signedOut");
  tellOtherTabs();
}

/** Show what the address asks for, once it is loaded; a later address that is there sooner wins. */
async function route() {
  const here = session;
  if (!here) return;
  const to = place();
  const next = routeTo(here.routes, to);
  if (!next) return refuse(here);
  try {
    const view = await loaded(here, next);
    if (session === here && routeTo(here.routes, place()) === next) turnTo(here, next, view, place());
  } catch (error) {
    if (session !== here) return;
    if (!(error instanceof TypeError)) throw error; // what import() ends with where a file does not come
    main.append(notice(new Problem(0), () => location.reload()));
  }
}

/**
 * The view of a route: the one there is, or a new one.
 * @param {Session} here
 * @param {Route} next
 */
async function loaded(here, next) {
  const known = here.views.get(next.view);
  if (known) return known;
  const { person, scheme, routes, dossier } = here;
  /** @param {string} id */
  const queryOf = (id) => here.results?.queryOf?.(id) ?? null;
  /** @param {string} id @param {1 | -1} by */
  const besideOf = (id, by) => here.results?.besideOf?.(id, by) ?? null;
  const search = (/** @type {Kept} */ asked) => searchFor(here, asked);
  /** @type {Given} */
  const given = { person, scheme, routes, queryOf, besideOf, searchFor: search, dossier, changed: () => enter("sessionOver"), left: leaveEverywhere };
  const [view] = await Promise.all([next.load(given), next.sheet && styled(next.sheet)]);
  if (here.views.has(next.view)) return /** @type {View} */ (here.views.get(next.view)); // loaded twice at once
  here.views.set(next.view, view);
  view.node.hidden = true;
  main.append(view.node);
  return view;
}

/**
 * Go to the search and search there for what stands in another view.
 * @param {Session} here
 * @param {Kept} asked
 */
async function searchFor(here, asked) {
  const search = here.routes.find(({ view }) => view === "search");
  if (!search) return;
  location.hash = "#/search";
  const view = await loaded(here, search).catch(() => null); // `route` says that it did not come
  if (session === here) view?.run?.(asked);
}

/**
 * A style sheet, once it is there.
 * @param {string} sheet
 */
function styled(sheet) {
  const { href } = new URL(`../${sheet}`, import.meta.url); // of the same version as this file
  if (document.querySelector(`link[href="${href}"]`)) return null;
  return new Promise((resolve, reject) => {
    document.head.append(h("link", { rel: "stylesheet", href, onload: resolve, onerror: () => reject(new TypeError(href)) }));
  });
}

/**
 * Show one view, and none else.
 * @param {Session} here
 * @param {Route} next
 * @param {View} view
 * @param {Place} to
 */
function turnTo(here, next, view, to) {
  const last = here.shown && here.views.get(here.shown.view);
  if (last && last !== view) last.leave?.(to);
  const asked = next.view === "document" ? (view === last ? here.results : last)?.queryOf?.(to.id) ?? null : null;
  if (asked !== null) noteFromResults();
  if (view.queryOf) here.results = view;
  here.shown = next;
  clear();
  for (const [name, other] of here.views) other.node.hidden = name !== next.view;
  document.body.classList.toggle("reading", next.view === "document");
  entitle(next.title);
  drawFrame();
  announce("");
  return view.enter(to);
}

/** Take away what stands on the page and is no view. */
function clear() {
  for (const other of main.querySelectorAll(":scope > :not(section)")) other.remove();
}

/**
 * No role of this person opens what the address asks for: nothing of it is fetched.
 * @param {Session} here
 */
function refuse(here) {
  if (here.shown) here.views.get(here.shown.view)?.leave?.(place());
  here.shown = null;
  for (const view of here.views.values()) view.node.hidden = true;
  clear();
  document.body.classList.remove("reading");
  entitle("titleForbidden");
  drawFrame();
  const title = h("h1", { tabindex: "-1" }, t("titleForbidden"));
  const back = h("p", {}, h("a", { href: "#/" }, t("toFirstPage")));
  main.append(h("div", { class: "work" }, title, notice(new Problem(403)), back));
  title.focus();
}

/** Whoever comes from the issuer is signed in, or told that they are not; others go on as they are. */
async function arrive() {
  const answer = takeAnswer();
  if (!answer) return enter("");
  const signedOn = await isSignedOn(answer);
  if (signedOn) tellOtherTabs();
  return enter(signedOn ? "cookieRefused" : "signOnRefused");
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!session || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const search = session.routes.some(({ view }) => view === "search");
  if (event.ctrlKey || event.metaKey) {
    if (event.code === "KeyK") goAnywhere(event, session.routes);
  } else if (event.key === "?" && !isTyping(event.target)) tellKeys(event, session.shown, search);
  else if (session.shown) onViewKey(event, session, session.shown, search);
}

/** What is typed next belongs to it, so it is there at once. @param {KeyboardEvent} event @param {Route[]} routes */
function goAnywhere(event, routes) {
  event.preventDefault();
  openPalette(routes);
}

/** @param {KeyboardEvent} event @param {Route | null} shown @param {boolean} search */
async function tellKeys(event, shown, search) {
  event.preventDefault();
  (await import("./keys.js")).showKeys(shown, search);
}

/** @param {KeyboardEvent} event @param {Session} here @param {Route} shown @param {boolean} search */
function onViewKey(event, here, shown, search) {
  if (search && event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    if (shown.view !== "search") location.hash = "#/";
    here.views.get("search")?.focus?.();
  } else here.views.get(shown.view)?.onKey?.(event);
}

function start() {
  wearTheme();
  document.body.append(workBar());
  history.scrollRestoration = "manual";
  onLost(() => endSession("sessionOver"));
  addEventListener("hashchange", route);
  addEventListener("keydown", onKey);
  addEventListener("beforeunload", (event) => !isLeaving() && session?.dossier.isKept === false && event.preventDefault());
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  drawFrame();
  main.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("loading")));
  return arrive();
}

start();
