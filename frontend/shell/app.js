// Starts the page: who is signed in, which view the address asks for, which language is spoken.

import { accountView } from "../account/account-view.js";
import { factorView } from "../account/factor-view.js";
import { passwordView } from "../account/password-view.js";
import { language, speak, t } from "../languages/language.js";
import { announce, byId, h, isTyping, refill } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import { readerView } from "../reader/reader-view.js";
import { searchView } from "../search/search-view.js";
import * as api from "../service/api.js";
import { Problem } from "../service/problem.js";
import { begin, forget, onLost, tellOtherTabs } from "../service/session.js";
import { signInView } from "../signin/signin-view.js";
import { noteFromResults, place, reset } from "../state/router.js";
import { headerParts } from "./header.js";

/**
 * @import { Code, Person, Scheme } from "../service/answers.js"
 * @typedef {import("../languages/language.js").Key} Key
 * @typedef {"search" | "reader" | "account"} ViewName
 * @typedef {object} SessionView what whoever is signed in has before them; dropped whole when they leave
 * @property {Person} person
 * @property {Scheme} scheme
 * @property {ReturnType<typeof searchView>} search
 * @property {ReturnType<typeof readerView>} reader
 * @property {ReturnType<typeof accountView>} account
 * @property {ViewName} shown
 */

const header = byId("header");
const main = byId("main");
const skip = byId("skip");

/** @type {SessionView | null} */
let session = null;
/** @type {Person | null} whoever is signed in and must set something up before all their roles hold */
let settingUp = null;
/** @type {Key | ""} what the sign-in form says */
let message = "";

function drawFrame() {
  document.documentElement.lang = language();
  skip.textContent = t("skip");
  header.hidden = false;
  const { person, scheme } = session ?? { person: settingUp, scheme: null };
  refill(header, headerParts({ person, scheme, onLanguage: changeLanguage, onSignOut: signOut }));
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
    for (const view of [session.search, session.reader, session.account]) view.redraw();
    entitle(TITLES[session.shown]);
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
  session?.reader.close();
  session = null;
  settingUp = null;
  document.body.classList.remove("reading");
  message = said;
  showSignIn();
}

async function signOut() {
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
  try {
    const person = await api.me();
    begin();
    if (person.must.length > 0) return showSetup(person);
    openSession(person, await api.scheme());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status !== 401) main.replaceChildren(notice(problem, () => enter(otherwise)));
    else if (!session) endSession(otherwise);
  }
}

/**
 * @param {Person} person
 * @param {Scheme} scheme
 */
function openSession(person, scheme) {
  message = "";
  settingUp = null;
  const search = searchView({ person, scheme });
  const reader = readerView({ person, scheme, queryOf: search.queryOf });
  const account = accountView({ person, changed: () => enter("sessionOver"), left: leaveEverywhere });
  session = { person, scheme, search, reader, account, shown: "search" };
  drawFrame();
  main.replaceChildren(search.node, reader.node, account.node);
  route();
}

/** After signing out everywhere. */
function leaveEverywhere() {
  forget();
  reset();
  endSession("signedOut");
  tellOtherTabs();
}

function route() {
  if (!session) return;
  const to = place();
  if (to.view === "reader") openReader(session, to);
  else if (to.view === "account") openAccount(session);
  else openSearch(session);
}

/** @type {Record<ViewName, Key>} */
const TITLES = { search: "titleSearch", reader: "titleReader", account: "titleAccount" };

/**
 * Show one of the views, and none else.
 * @param {SessionView} views
 * @param {ViewName} shown
 */
function turnTo(views, shown) {
  views.shown = shown;
  views.search.node.hidden = shown !== "search";
  views.reader.node.hidden = shown !== "reader";
  views.account.node.hidden = shown !== "account";
  document.body.classList.toggle("reading", shown === "reader");
  entitle(TITLES[shown]);
}

/** @param {SessionView} views */
function openAccount(views) {
  views.reader.close();
  if (views.shown === "search") views.search.leave(null);
  turnTo(views, "account");
  views.account.redraw();
  byId("account-title").focus();
}

/**
 * @param {SessionView} views
 * @param {{ id: string, page: number }} place
 */
function openReader(views, { id, page }) {
  if (views.shown === "search") {
    views.search.leave(id);
    if (views.search.queryOf(id) !== null) noteFromResults();
  }
  turnTo(views, "reader");
  views.reader.show(id, page);
}

/** @param {SessionView} views */
function openSearch(views) {
  views.reader.close();
  turnTo(views, "search");
  announce("");
  views.search.enter();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!session || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    if (session.shown !== "search") location.hash = "#/";
    session.search.focus();
  } else if (session.shown !== "account") session[session.shown].onKey(event);
}

function start() {
  history.scrollRestoration = "manual";
  onLost(() => endSession("sessionOver"));
  addEventListener("hashchange", route);
  addEventListener("keydown", onKey);
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  drawFrame();
  main.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("loading")));
  return enter("");
}

start();
