// Starts the page: who is signed in, which view the address asks for, which language is spoken.

import { accountView } from "../account/account-view.js";
import { factorView } from "../account/factor-view.js";
import { passwordView } from "../account/password-view.js";
import { language, speak, t } from "../languages/language.js";
import { announce, h, isTyping, refill } from "../parts/dom.js";
import { notice } from "../parts/notice.js";
import { readerView } from "../reader/reader-view.js";
import { searchView } from "../search/search-view.js";
import * as api from "../service/api.js";
import { begin, forget, onLost, tellOtherTabs } from "../service/session.js";
import { signInView } from "../signin/signin-view.js";
import { noteFromResults, place, reset } from "../state/router.js";
import { headerParts } from "./header.js";

const header = document.getElementById("header");
const main = document.getElementById("main");
const skip = document.getElementById("skip");

/** Of whoever is signed in: {person, scheme, search, reader, account, shown}; dropped whole when they leave. */
let desk = null;
/** Whoever is signed in and must set something up before they get a desk. */
let newcomer = null;
let message = "";

function drawFrame() {
  document.documentElement.lang = language();
  skip.textContent = t("skip");
  header.hidden = false;
  const { person = newcomer, scheme = null } = desk ?? {};
  refill(header, headerParts({ person, scheme, onLanguage: changeLanguage, onSignOut: signOut }));
}

/** The tab's title names no document: browsers keep titles in their history. */
function entitle(key) {
  document.title = `${t(key)} – ${t("product")}`;
}

function changeLanguage(code) {
  speak(code);
  drawFrame();
  if (desk) {
    for (const view of [desk.search, desk.reader, desk.account]) view.redraw();
    entitle(TITLES[desk.shown]);
  } else if (newcomer) lead(newcomer);
  else showSignIn();
}

function showSignIn() {
  const signedIn = async () => {
    tellOtherTabs();
    await enter("cookieRefused");
  };
  stand(signInView(message && t(message), signedIn));
}

/** Put one view alone on the page, for somebody who has no desk. */
function stand(view) {
  entitle("titleSignIn");
  drawFrame();
  main.replaceChildren(view.node);
  view.focus();
}

/** Lead somebody through what they must set up before all their roles hold. */
function lead(person) {
  newcomer = person;
  const done = () => enter("sessionOver");
  const password = person.must.includes("password");
  const view = password
    ? passwordView({ person, first: true, done })
    : factorView({ must: true, heading: "h1", done });
  view.node.classList.add("sign-in");
  stand(view);
}

/** Leave the desk to the next person: nothing of this one stays on the page. */
function leaveDesk(said) {
  desk?.reader.close();
  desk = null;
  newcomer = null;
  document.body.classList.remove("reading");
  message = said;
  showSignIn();
}

async function signOut() {
  const told = api.signOut().then(
    () => "signedOut",
    (problem) => (problem.status === 401 ? "signedOut" : "signOutFailed"), // 401: it was over already
  );
  forget();
  reset();
  leaveDesk("signedOut");
  told.then(tellOtherTabs);
  if ((await told) === "signOutFailed" && !desk) leaveDesk("signOutFailed");
}

/** Set up the desk of whoever is signed in; if it is nobody, ask, and say this. */
async function enter(otherwise) {
  try {
    const person = await api.me();
    begin();
    if (person.must.length > 0) return lead(person);
    seat(person, await api.scheme());
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status !== 401) main.replaceChildren(notice(problem, () => enter(otherwise)));
    else if (!desk) leaveDesk(otherwise);
  }
}

function seat(person, scheme) {
  message = "";
  newcomer = null;
  const search = searchView({ person, scheme });
  const reader = readerView({ person, scheme, hitOf: search.hitOf });
  const account = accountView({ person, changed: () => enter("sessionOver"), left: leaveEverywhere });
  desk = { person, scheme, search, reader, account, shown: null };
  drawFrame();
  main.replaceChildren(search.node, reader.node, account.node);
  route();
}

function leaveEverywhere() {
  forget();
  reset();
  leaveDesk("signedOut");
  tellOtherTabs();
}

function route() {
  if (!desk) return;
  const to = place();
  if (to.view === "reader") openReader(to);
  else if (to.view === "account") openAccount();
  else openSearch();
}

const TITLES = { search: "titleSearch", reader: "titleReader", account: "titleAccount" };

/** Show one of the desk's views, and none else. */
function turnTo(shown) {
  desk.shown = shown;
  for (const name of Object.keys(TITLES)) desk[name].node.hidden = name !== shown;
  document.body.classList.toggle("reading", shown === "reader");
  entitle(TITLES[shown]);
}

function openAccount() {
  desk.reader.close();
  if (desk.shown === "search") desk.search.leave(null);
  turnTo("account");
  desk.account.redraw();
  document.getElementById("account-title").focus();
}

function openReader({ id, page }) {
  if (desk.shown === "search") {
    desk.search.leave(id);
    noteFromResults();
  }
  turnTo("reader");
  desk.reader.show(id, page);
}

function openSearch() {
  desk.reader.close();
  turnTo("search");
  announce("");
  desk.search.enter();
}

function onKey(event) {
  if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    if (desk.shown !== "search") location.hash = "#/";
    desk.search.focus();
  } else if (desk.shown !== "account") desk[desk.shown].onKey(event);
}

function start() {
  history.scrollRestoration = "manual";
  onLost(() => leaveDesk("sessionOver"));
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
