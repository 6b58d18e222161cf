// What the service answers, as types for the checker alone: nothing of this file runs. docs/api.md says what each means.

export type Code = "en" | "ru";

/** What a paper or a sentence may be written in. */
export type WrittenIn = Code | "kk" | "ky" | "tg" | "uz" | "other";
export type Span = [start: number, end: number];
export type Titles = Partial<Record<string, string>>;

export interface Level {
  code: string;
  rank: number;
  name_en: string;
  name_ru: string;
  colour: string;
  banner_en: string;
  banner_ru: string;
}

export interface Scheme {
  levels: Level[];
}

export interface Label {
  level: string;
  releasable_to: "ALL" | string[];
  need_to_know: string;
  originators: string[];
}

export interface Person {
  username: string;
  name: string;
  agency: string;
  clearance: string;
  need_to_know: string[];
  roles: string[];
  actions: string[];
  second_factor: boolean;
  must: ("password" | "otp")[];
}

export interface AskedPasskey {
  options: object;
  or_code: boolean;
}

export interface Passkey {
  passkey_id: string;
  name: string;
  added: string;
  last_used: string | null;
}

export interface OwnFactors {
  passkeys: Passkey[];
  code: boolean;
  origin: string;
  most: number;
}

export interface Confirmation {
  password: string;
  otp: string;
  passkey: object | null;
}

export interface SecondFactor {
  secret: string;
  picture: string;
  recovery_codes: string[];
}

export interface PlacedBox {
  page: number;
  box: [x0: number, y0: number, x1: number, y1: number];
}

export interface Side {
  text: string;
  origin: string;
  highlights: Span[];
  doubtful: Span[];
}

export interface LineMark {
  kind: string;
  reason: string;
}

export interface Evidence {
  page: number;
  passage_id: string;
  original: WrittenIn;
  en: Side | null;
  ru: Side | null;
  other: Side | null;
  boxes: PlacedBox[];
  marks: LineMark[];
}

export interface Hit {
  document_id: string;
  title: Titles;
  language: string;
  kind: string;
  label: Label;
  date: string | null;
  places: number | null;
  pair: HitPair | null;
  evidence: Evidence[];
}

/** The paper that says the same in the other language, made by people. */
export interface OtherSide {
  document_id: string;
  language: string;
}

/** Of a hit: named where it was found too, and so has no hit of its own. */
export interface HitPair extends OtherSide {
  title: Titles | null;
  page: number | null;
  places: number | null;
}

export type Lending = "excluded" | "ordinary" | "preferred";

export interface Pair {
  pair_id: string;
  state: "proposed" | "confirmed" | "rejected";
  papers: { document_id: string; language: Code; title: Titles; pages: number }[];
  likeness: number;
  decided_by: string;
  decided_at: string;
  aligned: boolean;
  lending: Lending;
}

export interface AlignedSegment {
  segment_id: string;
  page: number;
  text: string;
}

export interface Bead {
  place: number;
  sides: Record<Code, AlignedSegment[]>;
  likeness: number;
  confidence: number;
  decided_by: string;
}

export interface Alignment {
  version: number;
  total: number;
  beads: Bead[];
}

export interface PairDetail {
  pair: Pair;
  alignment: Alignment;
}

export interface Correction {
  version: number;
  kind: "join" | "split" | "move" | "unlink" | "undo";
  place?: number;
  count?: number;
  en?: number;
  ru?: number;
}

export interface DifferenceSide {
  segments: AlignedSegment[];
  only: string[];
}

export interface Differences {
  total_beads: number;
  differences: { kind: string; place: number; sides: Partial<Record<Code, DifferenceSide>> }[];
}

export interface Place {
  page: number;
  segment_id: string;
  side: "original" | "translation";
  boxes: PlacedBox[];
  highlights: Span[];
}

export interface Places {
  total: number;
  places: Place[];
}

export interface FacetValue {
  value: string;
  count: number;
}

export interface Part {
  kind: string;
  text: string;
  became: string;
  across?: string[];
  learned?: string[];
  spelled?: boolean;
  parameters?: Record<string, string | number>;
  words?: Record<Code, string> | null;
}

export interface Filters {
  year_from?: number;
  year_to?: number;
  [name: string]: string[] | number | undefined;
}

export interface Question {
  query: string;
  filters: Filters;
  sort: string;
  offset: number;
  limit: number;
}

export type Narrowed = Omit<Question, "query">;

/** A search that one keeps; one without a name does not open any more, and can only be deleted. */
export interface KeptSearch {
  search_id: string;
  saved_at: string;
  name: string;
  search: { query?: string; filters?: Record<string, string[] | number | null>; sort?: string };
  news: { new: number | null; papers: { document_id: string; title: Titles }[]; code: string } | null;
}

export interface Enquiry {
  enquiry_id: string;
  agency: string;
  sent_at: string;
  over_at: string;
  search: KeptSearch["search"];
  note: string;
}

export interface ReceivedEnquiry {
  enquiry: Enquiry;
  asker: PersonName & { agency: string };
}

/** What one of many lines finds, or why it was not searched. */
export interface LineRow {
  line: number;
  query: string;
  total: number | null;
  document_id: string;
  title: Titles;
  language: string;
  label: Label | null;
  date: string | null;
  page: number | null;
  text: string;
  code: string;
  error: string;
}

export interface Answer {
  total: number;
  hits: Hit[];
  facets: Record<string, FacetValue[]>;
  interpretation: Part[];
  offers: { kind: string; query: string; total: number }[];
}

export interface ChosenPassage {
  document_id: string;
  first: number;
  last: number;
  comment: string;
}

export interface KeptDossier {
  version: number;
  title: string;
  passages: ChosenPassage[];
}

export interface DossierPassage {
  document_id: string;
  title: Titles;
  symbol: string;
  date: string | null;
  language: WrittenIn;
  page: number;
  label: Label;
  sentences: { text: string; translation: string | null; origin: string; doubtful: boolean }[];
}

/** A dossier as it may be read now, under the label of all of it; null in place of what is not there. */
export interface DossierContent {
  label: Label | null;
  passages: (DossierPassage | null)[];
}

export interface Standing {
  reason: string;
  engine: string;
  sentences: number;
  doubtful: number;
}

export interface Paper {
  document_id: string;
  title: Titles;
  language: WrittenIn;
  label: Label;
  date: string | null;
  kind: string;
  symbol: string;
  meeting: string;
  body: string;
  countries: string[];
  keywords: string[];
  pages: number;
  translation: Standing | null;
  pair_id: string | null;
  pair: OtherSide | null;
  attachments: string[];
  attached: { number: number; document_id: string }[];
  inside: { document_id: string; title: Titles; language: string }[];
}

export interface Translation {
  text: string;
  origin: string;
  engine: string;
  status: "good" | "doubtful";
  doubt: string;
}

export interface GlossWord {
  start: number;
  end: number;
  kind: "term" | "word" | "name" | "number" | "negation";
  meanings: string[];
}

export interface Segment {
  segment_id: string;
  text: string;
  language: string;
  boxes: PlacedBox[];
  furniture: boolean;
  marks: LineMark[];
  translation: Translation | null;
  gloss: { origin: "gloss"; words: GlossWord[] } | null;
}

export interface PageContent {
  number: number;
  width: number;
  height: number;
  trouble: string;
  confidence: number | null;
  segments: Segment[];
}

export interface OwnSession {
  begun: string;
  last_used: string;
  expires_at: string;
  second_factor: boolean;
  this: boolean;
}

export interface Agency {
  code: string;
  name_en: string;
  name_ru: string;
  ceiling: string | null;
  active: boolean | null;
}

export interface Times {
  published: boolean;
  embargo_until: string | null;
  expires_at: string | null;
  review_on: string | null;
}

export interface Receipt {
  document_id: string;
  state: string;
  stage: string;
  code: string;
  message: string;
  duplicate: boolean;
}

export interface RegistrarQuestion {
  question: string;
  sentence: string;
  places: number;
  pages: number[];
  marking: string;
  answer: string;
  answers: string[];
}

export interface IntakeRow extends Receipt {
  questions: RegistrarQuestion[];
  filename: string;
  title: Titles;
  label: Label;
  taken_at: string;
  times: Times;
  legal_hold: boolean;
}

export interface LabelChange {
  reason: string;
  level?: string;
  releasable_to?: "ALL" | string[];
  need_to_know?: string;
  embargo_until?: string | null;
  expires_at?: string | null;
  review_on?: string | null;
}

export interface Words {
  reason: string;
  [name: string]: string | null;
}

export interface Outcome {
  state: "done" | "waiting";
  proposal_id: string | null;
}

export interface Changed extends Outcome {
  code: string | null;
}

export interface Tombstone {
  document_id: string;
  label: Label;
  removed_at: string;
  removed_by: string;
  proposed_by: string;
  reason: string;
  by_schedule: boolean;
  deletes_at: string | null;
  legal_hold: boolean;
}

export interface Terms {
  role: string;
  clearance: string;
  need_to_know: string[];
  starts: string | null;
  ends: string | null;
}

export interface Grant extends Terms {
  grant_id: string;
  username: string;
  state: "holds" | "to_come" | "over";
}

export interface Colleague {
  username: string;
  name: string;
  agency: string;
  active: boolean;
  second_factor: boolean;
  code_until: string | null;
  subject: string;
  grants: Grant[];
}

export interface AccessChange extends Partial<Terms> {
  kind: string;
  username?: string;
  name?: string;
  agency?: string;
  grants?: Terms[];
  code?: string;
  name_en?: string | null;
  name_ru?: string | null;
  ceiling?: string | null;
  active?: boolean | null;
  grant_id?: string;
  issuer?: string;
  subject?: string;
}

export interface Handling {
  label: Label;
  times: Times;
}

export interface DocumentChange {
  kind: string;
  document_id: string;
  old?: Handling;
  new?: Handling;
}

export interface ScheduleChange {
  kind: string;
  papers: string;
  level: string;
  old_years: number | null;
  years: number | null;
}

/** For how long papers of a kind and a level are kept; null: for good. */
export interface Schedule {
  kind: string;
  level: string;
  years: number | null;
}

export interface DueDocument {
  document_id: string;
  title: Titles;
  label: Label;
  kept_since: string;
  schedule: Schedule;
}

/** What was disposed of; its level is the rank that it had then. */
export interface Certificate {
  kind: "disposal";
  document_id: string;
  sha256: string;
  label: string;
  schedule: { kind: string; level: number; years: number };
  kept_since: string;
  proposal_id: string;
  proposed_by: string;
  approved_by: string;
  decided_at: string;
  destroyed_at: string | null;
  entries: object[];
}

export interface Proposal {
  proposal_id: string;
  kind: string;
  change: AccessChange | DocumentChange | ScheduleChange;
  reason: string;
  proposed_by: string;
  proposed_at: string;
}

export interface Count {
  level: string;
  agency: string;
  documents: number;
}

export interface Effect {
  people: { username: string; agency: string; gains: Count[]; losses: Count[] }[];
  gains: Count[];
  losses: Count[];
}

export interface Explanation {
  username: string;
  action: string;
  allowed: boolean;
  grant_id: string | null;
  steps: { rule: string; passed: boolean; en: string; ru: string }[];
  considered: (Terms & { grant_id: string; refused_by: string[] })[];
}

export interface Status {
  documents: Record<string, number>;
  index_due: number;
  engine: string;
  models: { source: string; target: string; name: string }[];
  translation_paused: boolean;
  translation_waits: number;
  translation_ends: "done" | "hour" | "day" | "week" | "later" | "paused" | "unknown";
  vectors_wait: number | null;
  disk_lasts: boolean;
}

export interface Entry {
  number: number;
  at: string;
  person: string;
  origin: string;
  action: string;
  object: string;
  decision: string;
  detail: Record<string, unknown>;
  sealed: string;
  digest: string;
}

export interface TrailQuery {
  person: string;
  action: string;
  object: string;
  decision: string;
  since: string;
  until: string;
  archive: string;
  before?: number | null;
  limit?: number;
}

export interface TrailPage {
  entries: Entry[];
  next_before: number | null;
  archives: { name: string; first: number; last: number; here: boolean }[];
}

export interface Checkpoint {
  number: number;
  at: string;
  key: string;
  [name: string]: string | number;
}

export interface Proof {
  whole: boolean;
  entries: number;
  broken: string;
  elsewhere: string[];
}

export interface Seen {
  source_digest: string;
  version: number;
}

export interface PersonName {
  username: string;
  name: string;
}

export interface WorkSegment extends Seen {
  number: number;
  page: number;
  source_text: string;
  source_language: Code;
  furniture: boolean;
  machine: Translation | null;
  state: "machine" | "edited" | "submitted" | "approved";
  text: string;
  changed_at: string | null;
  editing: PersonName | null;
  machine_changed: boolean;
}

export interface WaitingSegment {
  document_id: string;
  title: Titles;
  number: number;
  page: number;
  source_text: string;
  state: WorkSegment["state"];
  requested: boolean;
  doubted: boolean;
  doubt: "" | "slight" | "middle" | "grave";
  read: "" | "several" | "many";
  deadline: string | null;
  assignee: PersonName | null;
}

export interface ConcordanceLine {
  document_id: string;
  title: Titles;
  number: number;
  page: number;
  source_language: Code;
  source_text: string;
  target_text: string;
  origin: string;
  side: "source" | "target";
  highlights: Span[];
}

export type TermState = "approved" | "proposed" | "rejected" | "withdrawn" | "replaced";

export interface TermWord {
  language: Code;
  text: string;
  status: "preferred" | "admitted" | "superseded" | "forbidden";
}

export interface Term {
  term_id: string;
  words: TermWord[];
  domain: string;
  part_of_speech: string;
  source: string;
  note: string;
  state: TermState;
  shipped: boolean;
  label: Label | null;
  vocabulary: string;
  licence: string;
  replaces: string;
  history: { act: string; by: string; at: string; reason: string }[];
}

export interface TermProposal {
  words: TermWord[];
  domain: string;
  part_of_speech: string;
  source: string;
  note: string;
  originator: string;
  level: string;
  releasable_to: string;
  need_to_know: string;
  replaces: string;
  reason: string;
}

export interface Imported {
  name: string;
  entries: number;
  refused: number;
  refusals: { place: string; reason: string }[];
}

export interface TranslationWork {
  document_id: string;
  title: Titles;
  source_language: Code;
  pages: number;
  counts: Record<string, number>;
  total: number;
  segments: WorkSegment[];
}

export interface Act {
  number: number;
  kind: string;
  version: number;
  text: string;
  note: string;
  code: string;
  by: PersonName;
  at: string;
}

export interface Finding {
  code: string;
  about: string;
  waiver: { reason: string; by: PersonName } | null;
}

export interface MemoryMatch {
  kind: string;
  percent: number;
  source_text: string;
  target_text: string;
  document_id: string;
  title: Titles;
  origin: string;
  preferred: boolean;
  times: number;
}

export interface OneSegment {
  segment: WorkSegment;
  before: string;
  after: string;
  history: Act[];
  checks: Finding[];
  matches: MemoryMatch[];
  draft: { version: number; text: string; at: string } | null;
  may_approve: boolean;
}

/** A sentence, where it stands, and its translation if there is one. */
export interface Said {
  segment_id: string;
  page: number;
  language: Code;
  text: string;
  boxes: PlacedBox[];
  translation: Translation | null;
}

/** A sentence that answers a question; `highlights` are spans of its text in code points. */
export interface Proof {
  document_id: string;
  document_title: Titles;
  symbol: string;
  date: string | null;
  weight: number;
  sentence: Said;
  highlights: Span[];
}

export interface Answering {
  total: number;
  meetings: { code: string; title: Titles; proofs: Proof[] }[];
  interpretation: Part[];
}

/** What a paper recommends, concludes or decides. */
export interface Point {
  place: number;
  kind: "recommendation" | "conclusion" | "decision";
  number: string;
  sentences: Said[];
}

export interface Points {
  total: number;
  recommendations: Point[];
}

export interface LaterPaper {
  document_id: string;
  title: Titles;
  symbol: string;
  kind: string;
  language: Code;
  date: string | null;
  sentences: Said[];
  reasons: ("paragraph" | "quotation" | "likeness")[][];
}

/** Where later papers take a point up, by meeting, the earliest first. */
export interface Thread {
  recommendation: Point;
  meetings: { code: string; title: Titles; papers: LaterPaper[] }[];
}
