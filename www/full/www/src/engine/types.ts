// The shapes that cross the wasm boundary. `crate/wasm/src/dto.rs` is their home; this file re-exports what is
// generated from it once that exists.

export type Stage = 'collect' | 'examine' | 'matching' | 'plan' | 'rebuild' | 'report';
export type Mode = 'strict' | 'balanced' | 'loose';
export type Decision =
  | 'matched' | 'ambiguous' | 'no_candidates' | 'too_different' | 'not_better' | 'unreadable' | 'not_matchable' | 'missing';
export type MediaKind = 'image' | 'video' | 'gif' | 'sticker' | 'voice' | 'audio' | 'contact' | 'document';
export type DateOrder = 'auto' | 'dmy' | 'mdy' | 'ymd';

export interface Settings {
  mode: Mode;
  matchWindowSeconds: number;
  /** null: what the mode says. */
  phashThreshold: number | null;
  search: 'library' | 'window';
  heic: 'view' | 'original';
  dateOrder: DateOrder;
}

export interface Progress {
  stage: Stage;
  done: number;
  total: number;
  bytesRead: number;
  bytesWritten: number;
  matched: number;
}

/** What was measured between an exported medium and one original; null: not measured. */
export interface Score {
  phashDistance: number | null;
  residual: number | null;
  runnerUpRatio: number | null;
  timeDifferenceS: number | null;
  durationDifferenceS: number | null;
}

/** One input file, as the review shows it. */
export interface ItemInfo {
  item: number;
  path: string;
  bytes: number;
  width: number | null;
  height: number | null;
  /** Wall-clock (or UTC, see zone) seconds since 1970; null: unknown. */
  takenS: number | null;
  camera: string | null;
}

export interface Candidate {
  original: ItemInfo;
  score: Score;
}

export type Answer = { kind: 'accept' } | { kind: 'reject' } | { kind: 'pick'; item: number };

/** One exported medium with its decision: a row of the review. */
export interface Row {
  medium: number;
  name: string;
  kind: MediaKind;
  /** The exported file; null: missing. */
  exported: ItemInfo | null;
  /** Wall-clock seconds since 1970. */
  sentS: number | null;
  sender: string | null;
  caption: string;
  decision: Decision;
  edit: 'none' | 'crop' | 'drawing' | 'filter' | 'mirror';
  original: ItemInfo | null;
  also: string[];
  score: Score;
  /** The core's decision in one plain sentence. */
  reason: string;
  candidates: Candidate[];
  answer: Answer | null;
}

export interface Count { exported: number; matched: number; ambiguous: number; unmatched: number }
export interface FileIssue { path: string; text: string }
export interface Offset { fromS: number; toS: number; seconds: number; evidence: number }

/** What is known about the chat once it was read. */
export interface ChatInfo {
  title: string;
  messages: number;
  participants: string[];
  firstS: number | null;
  lastS: number | null;
  dateOrder: DateOrder;
  dateEvidence: string;
  datesDecided: boolean;
  originals: number;
}

export interface Review {
  chat: ChatInfo;
  images: Count;
  videos: Count;
  others: Count;
  offsets: Offset[];
  rows: Row[];
  issues: FileIssue[];
}
