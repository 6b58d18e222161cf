// What the service answers, as types for the checker alone: nothing of this file runs. docs/api.md says what each means.

export type Code = "en" | "ru";
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
  actions: string[];
  second_factor: boolean;
  must: ("password" | "otp")[];
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

export interface Evidence {
  page: number;
  original: Code;
  en: Side | null;
  ru: Side | null;
  boxes: PlacedBox[];
}

export interface Hit {
  document_id: string;
  title: Titles;
  language: string;
  kind: string;
  label: Label;
  date: string | null;
  places: number | null;
  evidence: Evidence[];
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

export interface Answer {
  total: number;
  hits: Hit[];
  facets: Record<string, FacetValue[]>;
  interpretation: Part[];
  offers: { kind: string; query: string; total: number }[];
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
  language: Code;
  label: Label;
  date: string | null;
  kind: string;
  symbol: string;
  pages: number;
  translation: Standing | null;
}

export interface Translation {
  text: string;
  origin: string;
  engine: string;
  status: "good" | "doubtful";
  doubt: string;
}

export interface Segment {
  segment_id: string;
  text: string;
  language: string;
  boxes: PlacedBox[];
  furniture: boolean;
  translation: Translation | null;
}

export interface PageContent {
  number: number;
  width: number;
  height: number;
  trouble: string;
  segments: Segment[];
}
