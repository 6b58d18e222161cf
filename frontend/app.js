// Starts the page: who is signed in, which view the address asks for, which language is spoken.

import * as api from "./api.js";
import { announce, h, isTyping, refill } from "./dom.js";
import { headerParts } from "./header.js";
import { language, speak, t } from "./language.js";
import { notice } from "./notice.js";
import { readerView } from "./reader-view.js";
import { noteFromResults, place, reset } from "./router.js";
import { searchView } from "./search-view.js";
import { currentToken, forget, onLost } from "./session.js";
import { signInView } from "./signin-view.js";

const header = document.getElementById("header");
const main = document.getElementById("main");
const skip = document.getElementById("skip");

/** Of whoever is signed in: {person, scheme, search, reader, shown}; dropped whole when they leave. */
let desk = null;
let message = "";

function drawFrame() {
  document.documentElement.lang = language();
  skip.textContent = t("skip");
  header.hidden = false;
  const { person = null, scheme = null } = desk ?? {};
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
    desk.search.redraw();
    desk.reader.redraw();
    entitle(desk.shown === "reader" ? "titleReader" : "titleSearch");
  } else showSignIn();
}

function showSignIn() {
  const view = signInView(message && t(message), enter);
  entitle("titleSignIn");
  drawFrame();
  main.replaceChildren(view.node);
  view.focus();
}

/** Leave the desk to the next person: nothing of this one stays on the page. */
function leaveDesk(said) {
  desk?.reader.close();
  desk = null;
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
  if ((await told) === "signOutFailed" && !desk) leaveDesk("signOutFailed");
}

/** Set up the desk of whoever the token stands for. */
async function enter() {
  try {
    const [person, scheme] = await Promise.all([api.me(), api.scheme()]);
    seat(person, scheme);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status === 401) return;
    main.replaceChildren(notice(problem, enter));
  }
}

function seat(person, scheme) {
  message = "";
  const search = searchView({ person, scheme });
  const reader = readerView({ person, scheme, hitOf: search.hitOf });
  desk = { person, scheme, search, reader, shown: null };
  drawFrame();
  main.replaceChildren(search.node, reader.node);
  route();
}

function route() {
  if (!desk) return;
  const to = place();
  if (to.view === "reader") openReader(to);
  else openSearch();
}

function openReader({ id, page }) {
  if (desk.shown === "search") {
    desk.search.leave(id);
    noteFromResults();
  }
  desk.shown = "reader";
  desk.search.node.hidden = true;
  desk.reader.node.hidden = false;
  document.body.classList.add("reading");
  entitle("titleReader");
  desk.reader.show(id, page);
}

function openSearch() {
  desk.reader.close();
  desk.shown = "search";
  desk.reader.node.hidden = true;
  desk.search.node.hidden = false;
  document.body.classList.remove("reading");
  entitle("titleSearch");
  announce("");
  desk.search.enter();
}

function onKey(event) {
  if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    if (desk.shown === "reader") location.hash = "#/";
    desk.search.focus();
  } else if (desk.shown === "reader") desk.reader.onKey(event);
  else desk.search.onKey(event);
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
  if (currentToken() === null) return showSignIn();
  drawFrame();
  main.replaceChildren(h("p", { class: "waiting", "aria-busy": "true" }, t("loading")));
  return enter();
}

start();
