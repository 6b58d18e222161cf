// The one table of views: which action opens each, what it is called, and how it is loaded when it is first entered.

/**
 * @import { Dossier } from "../state/dossier.js"
 * @import { Place } from "../state/router.js"
 * @import { Person, Scheme } from "../service/answers.js"
 * @import { Kept } from "../service/expert.js"
 * @typedef {import("../languages/language.js").Key} Key
 */

/**
 * @typedef {object} View what a folder makes: an element, and what becomes of it
 * @property {HTMLElement} node
 * @property {(to: Place) => unknown} enter it is shown for this place
 * @property {(to: Place) => unknown} [leave] another is shown, or nobody is signed in any more
 * @property {() => unknown} redraw the language has changed
 * @property {(event: KeyboardEvent) => unknown} [onKey]
 * @property {(id: string) => string | null} [queryOf] the query by whose results a document was found
 * @property {(id: string, by: 1 | -1) => string | null} [besideOf] the address of the result after it, or before
 * @property {() => void} [focus]
 * @property {(search: Kept) => unknown} [run] search for this
 *
 * @typedef {object} Given what a view is made of
 * @property {Person} person
 * @property {Scheme} scheme
 * @property {Route[]} routes all that this person may enter
 * @property {(id: string) => string | null} queryOf
 * @property {(id: string, by: 1 | -1) => string | null} besideOf
 * @property {(search: Kept) => unknown} searchFor go to the search, where one may, and search for this
 * @property {Dossier} dossier what they collect while the session lasts
 * @property {() => unknown} changed what the person may do has changed
 * @property {() => void} left no session is left
 *
 * @typedef {object} Route
 * @property {string} view as the address names it
 * @property {string[]} actions any of these opens it; none: whoever is signed in
 * @property {Key} title
 * @property {Key} [lead] what one does there: it stands on the first page and in the menu
 * @property {string} [sheet] its style sheet, beside that of the page
 * @property {(given: Given) => Promise<View>} load
 */

/** @type {Route[]} in the order of the menu */
export const ROUTES = [
  {
    view: "search",
    actions: ["search"],
    title: "titleSearch",
    lead: "leadSearch",
    load: async (given) => (await import("../search/search-view.js")).searchView(given),
  },
  {
    view: "lines",
    actions: ["search"],
    title: "titleLines",
    lead: "leadLines",
    load: async (given) => (await import("../search/lines-view.js")).linesView(given),
  },
  {
    view: "answers",
    actions: ["search"],
    title: "titleAnswers",
    lead: "leadAnswers",
    sheet: "asking/asking.css",
    load: async () => (await import("../asking/answers-view.js")).answersView(),
  },
  {
    view: "enquiries",
    actions: ["enquire"],
    title: "titleEnquiries",
    lead: "leadEnquiries",
    load: async (given) => (await import("../enquiries/enquiries-view.js")).enquiriesView(given),
  },
  {
    view: "document",
    actions: ["read"],
    title: "titleReader",
    load: async (given) => (await import("../reader/reader-view.js")).readerView(given),
  },
  {
    view: "dossier",
    actions: ["download"],
    title: "titleDossier",
    lead: "leadDossier",
    sheet: "dossier/dossier.css",
    load: async (given) => (await import("../dossier/dossier-view.js")).dossierView(given),
  },
  {
    view: "differences",
    actions: ["read"],
    title: "titleDifferences",
    load: async (given) => (await import("../differences/differences-view.js")).differencesView(given),
  },
  {
    view: "recommendations",
    actions: ["search"],
    title: "titlePoints",
    sheet: "asking/asking.css",
    load: async (given) => (await import("../asking/points-view.js")).pointsView(given),
  },
  {
    view: "translate",
    actions: ["edit", "approve"],
    title: "titleTranslate",
    lead: "leadTranslate",
    sheet: "translate/translate.css",
    load: async (given) => (await import("../translate/translate-view.js")).translateView(given),
  },
  {
    view: "terms",
    actions: ["search", "edit", "approve"],
    title: "titleTerms",
    lead: "leadTerms",
    sheet: "terms/terms.css",
    load: async (given) => (await import("../terms/terms-view.js")).termsView(given),
  },
  {
    view: "pairs",
    actions: ["edit", "approve"],
    title: "titlePairs",
    lead: "leadPairs",
    sheet: "pairs/pairs.css",
    load: async (given) => (await import("../pairs/pairs-view.js")).pairsView(given),
  },
  {
    view: "alignment",
    actions: ["read"],
    title: "titleAlignment",
    sheet: "pairs/pairs.css",
    load: async (given) => (await import("../pairs/alignment-view.js")).alignmentView(given),
  },
  {
    view: "intake",
    actions: ["intake"],
    title: "titleIntake",
    lead: "leadIntake",
    sheet: "intake/intake.css",
    load: async (given) => (await import("../intake/intake-view.js")).intakeView(given),
  },
  {
    view: "add",
    actions: ["intake"],
    title: "titleAdd",
    lead: "leadAdd",
    sheet: "intake/intake.css",
    load: async (given) => (await import("../intake/add-view.js")).addView(given),
  },
  {
    view: "handling",
    actions: ["intake"],
    title: "titleHandling",
    sheet: "handling/handling.css",
    load: async (given) => (await import("../handling/handling-view.js")).handlingView(given),
  },
  {
    view: "due",
    actions: ["remove"],
    title: "titleDue",
    lead: "leadDue",
    load: async (given) => (await import("../handling/due-view.js")).dueView(given),
  },
  {
    view: "removed",
    actions: ["remove"],
    title: "titleRemoved",
    lead: "leadRemoved",
    load: async (given) => (await import("../handling/removed-view.js")).removedView(given),
  },
  {
    view: "received",
    actions: ["receive"],
    title: "titleReceived",
    lead: "leadReceived",
    load: async (given) => (await import("../enquiries/received-view.js")).receivedView(given),
  },
  {
    view: "people",
    actions: ["administer"],
    title: "titlePeople",
    lead: "leadPeople",
    load: async (given) => (await import("../people/people-view.js")).peopleView(given),
  },
  {
    view: "grants",
    actions: ["administer"],
    title: "titleGrants",
    lead: "leadGrants",
    load: async (given) => (await import("../people/grants-view.js")).grantsView(given),
  },
  {
    view: "agencies",
    actions: ["administer"],
    title: "titleAgencies",
    lead: "leadAgencies",
    load: async (given) => (await import("../people/agencies-view.js")).agenciesView(given),
  },
  {
    view: "schedules",
    actions: ["administer"],
    title: "titleSchedules",
    lead: "leadSchedules",
    load: async (given) => (await import("../people/schedules-view.js")).schedulesView(given),
  },
  {
    view: "proposals",
    actions: ["administer", "label", "remove"],
    title: "titleProposals",
    lead: "leadProposals",
    sheet: "proposals/proposals.css",
    load: async (given) => (await import("../proposals/proposals-view.js")).proposalsView(given),
  },
  {
    view: "explain",
    actions: ["explain"],
    title: "titleExplain",
    lead: "leadExplain",
    sheet: "explain/explain.css",
    load: async (given) => (await import("../explain/explain-view.js")).explainView(given),
  },
  {
    view: "status",
    actions: ["status"],
    title: "titleStatus",
    lead: "leadStatus",
    sheet: "status/status.css",
    load: async (given) => (await import("../status/status-view.js")).statusView(given),
  },
  {
    view: "trail",
    actions: ["audit"],
    title: "titleTrail",
    lead: "leadTrail",
    sheet: "trail/trail.css",
    load: async (given) => (await import("../trail/trail-view.js")).trailView(given),
  },
  {
    view: "home",
    actions: [],
    title: "titleHome",
    sheet: "home/home.css",
    load: async (given) => (await import("../home/home-view.js")).homeView(given),
  },
  {
    view: "account",
    actions: [],
    title: "titleAccount",
    load: async (given) => (await import("../account/account-view.js")).accountView(given),
  },
];

/**
 * What a person may enter.
 * @param {Person} person
 */
export function routesOf(person) {
  return ROUTES.filter(({ actions }) => !actions.length || actions.some((action) => person.actions.includes(action)));
}

/**
 * The route to a place, or null where this person has none. The first page is the search for whoever may search, and
 * for whoever has one view alone that one.
 * @param {Route[]} routes
 * @param {Place} to
 */
export function routeTo(routes, { view }) {
  const listed = routes.filter(({ lead }) => lead);
  const first = listed.find((route) => route.view === "search" || listed.length === 1)?.view ?? "home";
  const known = ROUTES.some((route) => route.view === view);
  return routes.find((route) => route.view === (known ? view : first)) ?? null;
}
