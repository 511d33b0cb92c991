// Generated from crate/wasm by `cargo xtask build`; not to be edited.
/* tslint:disable */
/* eslint-disable */

/** Is asked before a file is opened; a sentence keeps it closed and says why. */
export interface Watch {
    admit(side: "chat" | "originals", path: string): string | undefined;
}



/** Takes a zip's bytes. They are a copy; throwing ends the job. */
export interface ByteSink {
    put(bytes: Uint8Array): void;
}

/** Takes a bundle's files, one after another. Bytes are copies; throwing ends the job. */
export interface FolderSink {
    begin(path: string, size: number | undefined): void;
    write(bytes: Uint8Array): void;
    end(): void;
    /** The file that was begun last failed: nothing of it may stay. */
    abandon(): void;
}



/** What is used of a `FileSystemSyncAccessHandle`. */
export interface StorageHandle {
    getSize(): number;
    read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
    write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
    truncate(size: number): void;
    flush(): void;
}


/**
 * A pair of videos that the page should look into.
 */
export interface VideoPair {
    /**
     * The exported medium.
     */
    medium: number;
    /**
     * Its file.
     */
    exported: number;
    /**
     * The original it may come from.
     */
    original: number;
    /**
     * Where frames are taken, in seconds from the start of both.
     */
    seconds: number[];
    /**
     * Where else frames of the original are taken if those are other pictures:
     * seconds to be added.
     */
    neighbours: number[];
    /**
     * Long edge of the frames, in pixels.
     */
    longEdge: number;
}

/**
 * Day, month and year as the chat writes them.
 */
export type DateOrder = "auto" | "dmy" | "mdy" | "ymd";

/**
 * Everything the review shows. `missing_as_null` of the outermost type decides
 * for everything inside it.
 */
export interface Review {
    /**
     * The chat.
     */
    chat: ChatInfo;
    /**
     * Photos.
     */
    images: Count;
    /**
     * Videos.
     */
    videos: Count;
    /**
     * Everything else.
     */
    others: Count;
    /**
     * Clock differences, ascending in time.
     */
    offsets: Offset[];
    /**
     * One for each exported medium, in chat order.
     */
    rows: Row[];
    /**
     * What was wrong with single files.
     */
    issues: FileIssue[];
}

/**
 * How far the current stage is.
 */
export interface Progress {
    /**
     * The stage at work.
     */
    stage: Stage;
    /**
     * Items done in this stage.
     */
    done: number;
    /**
     * Items in this stage.
     */
    total: number;
    /**
     * Bytes read so far, over all stages.
     */
    bytesRead: number;
    /**
     * Bytes written so far.
     */
    bytesWritten: number;
    /**
     * Pictures and videos matched so far.
     */
    matched: number;
}

/**
 * How many media of one kind came to what.
 */
export interface Count {
    /**
     * In the export.
     */
    exported: number;
    /**
     * With their original.
     */
    matched: number;
    /**
     * Several originals fit.
     */
    ambiguous: number;
    /**
     * The rest.
     */
    unmatched: number;
}

/**
 * How much is remembered.
 */
export interface Remembered {
    /**
     * Files that need not be examined again.
     */
    files: number;
    /**
     * Decisions of the user.
     */
    answers: number;
    /**
     * Bundles that were written.
     */
    runs: number;
    /**
     * The catalogue's bytes.
     */
    bytes: number;
}

/**
 * How much proof a link needs.
 */
export type Mode = "strict" | "balanced" | "loose";

/**
 * How the exported picture was changed before it was sent.
 */
export type Edit = "none" | "crop" | "drawing" | "filter" | "mirror";

/**
 * One exported medium with its decision: a row of the review.
 */
export interface Row {
    /**
     * Its number.
     */
    medium: number;
    /**
     * Its name in the export.
     */
    name: string;
    /**
     * What it is to the chat.
     */
    kind: MediaKind;
    /**
     * The exported file; null: missing.
     */
    exported: ItemInfo | null;
    /**
     * Wall-clock seconds since 1970; null: unknown.
     */
    sentS: number | null;
    /**
     * Who sent it; null: unknown.
     */
    sender: string | null;
    /**
     * The message's words.
     */
    caption: string;
    /**
     * What was decided, the user's answer included.
     */
    decision: Decision;
    /**
     * How the picture was changed before it was sent.
     */
    edit: Edit;
    /**
     * The original, if matched.
     */
    original: ItemInfo | null;
    /**
     * Paths of other files of the same picture.
     */
    also: string[];
    /**
     * The best candidate's measurements.
     */
    score: Score;
    /**
     * The decision in one plain sentence.
     */
    reason: string;
    /**
     * What was considered, best first.
     */
    candidates: Candidate[];
    /**
     * The user's answer; null: none yet.
     */
    answer: Answer | null;
}

/**
 * One input file, as the review shows it.
 */
export interface ItemInfo {
    /**
     * Its number.
     */
    item: number;
    /**
     * Its path below the chosen folder.
     */
    path: string;
    /**
     * Its length.
     */
    bytes: number;
    /**
     * Pixels, after orientation; null: unknown.
     */
    width: number | null;
    /**
     * Pixels, after orientation; null: unknown.
     */
    height: number | null;
    /**
     * Seconds since 1970 on the camera's wall clock, or in UTC where no zone
     * was written; null: unknown.
     */
    takenS: number | null;
    /**
     * Maker and model; null: unknown.
     */
    camera: string | null;
}

/**
 * One original that was considered.
 */
export interface Candidate {
    /**
     * The original.
     */
    original: ItemInfo;
    /**
     * What was measured.
     */
    score: Score;
}

/**
 * One way to read the dates of a chat.
 */
export interface DateChoice {
    /**
     * The order.
     */
    order: DateOrder;
    /**
     * A date as the chat has it.
     */
    written: string;
    /**
     * Which day that is, wall-clock seconds since 1970.
     */
    dayS: number;
}

/**
 * The clock difference between the exporting phone and the camera.
 */
export interface Offset {
    /**
     * First wall-clock second it holds for.
     */
    fromS: number;
    /**
     * Last wall-clock second it holds for.
     */
    toS: number;
    /**
     * Seconds to add to the camera's clock.
     */
    seconds: number;
    /**
     * Proved matches that support it.
     */
    evidence: number;
}

/**
 * The counts of a review.
 */
export interface Counts {
    /**
     * Photos.
     */
    images: Count;
    /**
     * Videos.
     */
    videos: Count;
    /**
     * Everything else.
     */
    others: Count;
}

/**
 * The six stages.
 */
export type Stage = "collect" | "examine" | "matching" | "plan" | "rebuild" | "report";

/**
 * What a medium is to the chat.
 */
export type MediaKind = "image" | "video" | "gif" | "sticker" | "voice" | "audio" | "contact" | "document";

/**
 * What becomes of an HEIC original.
 */
export type Heic = "view" | "original";

/**
 * What is known about the chat once it was read.
 */
export interface ChatInfo {
    /**
     * The chat's name; empty if unknown.
     */
    title: string;
    /**
     * Messages in all.
     */
    messages: number;
    /**
     * Senders, by their first message.
     */
    participants: string[];
    /**
     * First message, wall-clock seconds since 1970; null: unknown.
     */
    firstS: number | null;
    /**
     * Last message, wall-clock seconds since 1970; null: unknown.
     */
    lastS: number | null;
    /**
     * How day and month were told apart.
     */
    dateOrder: DateOrder;
    /**
     * Why, as a sentence.
     */
    dateEvidence: string;
    /**
     * Whether the evidence decides; if not, the user should be asked.
     */
    datesDecided: boolean;
    /**
     * If not: what one of its dates means in each order that fits; the one
     * used comes first.
     */
    dateChoices: DateChoice[];
    /**
     * Files among the originals.
     */
    originals: number;
}

/**
 * What is thrown by every call that fails.
 */
export interface Failure {
    /**
     * Why.
     */
    code: FailureCode;
    /**
     * The file it is about; null: the job.
     */
    item: number | null;
    /**
     * The core's own sentence.
     */
    text: string;
}

/**
 * What one batch came to.
 */
export interface Batch {
    /**
     * How far the job is.
     */
    progress: Progress;
    /**
     * Whether this phase of the job is complete.
     */
    done: boolean;
}

/**
 * What the user chooses for one bundle.
 */
export interface Look {
    /**
     * The sender whose bubbles stand on the right; null: decided from the
     * chat's name, if it can be.
     */
    me: string | null;
    /**
     * What becomes of HEIC originals.
     */
    heic: Heic;
}

/**
 * What the user decided about one medium.
 */
export type Answer = { kind: "accept" } | { kind: "reject" } | { kind: "pick"; item: number };

/**
 * What the user may choose. A missing field is an error.
 */
export interface Settings {
    /**
     * How much proof a link needs.
     */
    mode: Mode;
    /**
     * Seconds to either side of the send time.
     */
    matchWindowSeconds: number;
    /**
     * null: what the mode says.
     */
    phashThreshold: number | null;
    /**
     * Where candidates may come from.
     */
    search: Search;
    /**
     * What becomes of HEIC originals.
     */
    heic: Heic;
    /**
     * Day, month and year as the chat writes them.
     */
    dateOrder: DateOrder;
}

/**
 * What was decided for one exported medium.
 */
export type Decision = "matched" | "ambiguous" | "no_candidates" | "too_different" | "not_better" | "unreadable" | "not_matchable" | "missing";

/**
 * What was measured between an exported medium and one original; null: not
 * measured.
 */
export interface Score {
    /**
     * Differing bits, 0 to 64.
     */
    phashDistance: number | null;
    /**
     * RMS difference in grey levels at 512 pixels; of videos' frames, at 320.
     */
    residual: number | null;
    /**
     * How many times larger the next best residual is.
     */
    runnerUpRatio: number | null;
    /**
     * Sent minus taken, offset removed, in seconds.
     */
    timeDifferenceS: number | null;
    /**
     * Exported minus original length, in seconds.
     */
    durationDifferenceS: number | null;
}

/**
 * What was wrong with one file, as a sentence.
 */
export interface FileIssue {
    /**
     * The file.
     */
    path: string;
    /**
     * What is wrong.
     */
    text: string;
}

/**
 * Where candidates may come from.
 */
export type Search = "library" | "window";

/**
 * Why a call failed; the page owns the wording.
 */
export type FailureCode = "no-chat" | "output" | "too-early" | "item" | "unsupported" | "unusable" | "full" | "storage";


/**
 * What was learnt on earlier visits, and what the user decided.
 */
export class Catalogue {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Everything that is remembered, as JSON, in pieces.
     *
     * # Errors
     * `full`, `storage`: the browser refused. Whatever `sink` throws is one
     * of them.
     */
    export(sink: ByteSink): void;
    /**
     * Opens the catalogue in a file, or begins one if the file is empty. The
     * handle stays the worker's to close, after this object and every job
     * that was lent it are gone.
     *
     * # Errors
     * `unusable`: another may take its place. `full`, `storage`: the browser
     * refused.
     */
    constructor(handle: StorageHandle);
    /**
     * How much is remembered.
     *
     * # Errors
     * `full`, `storage`: the browser refused.
     */
    remembered(): Remembered;
    /**
     * What went wrong since the last call, once: from then on the catalogue
     * is silent, and the run goes on without it.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    trouble(): Failure | undefined;
}

/**
 * One run over two inputs. Lives in a worker, for files are read synchronously.
 *
 * A call that panics leaves it half changed: the page ends the worker then,
 * and with it the job, which is why `AssertUnwindSafe` is true.
 */
export class Job {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Does one batch (about 100 ms) of collect, examine or matching.
     *
     * # Errors
     * `no-chat`: there is nothing to work on.
     */
    advance(): Batch;
    /**
     * Records the user's decision on one medium; `undefined` takes it back.
     *
     * # Errors
     * `item`: there is no such medium or original.
     */
    answer(medium: number, answer?: Answer | null): void;
    /**
     * The file itself, or its slice of the zip; see [`Job::is_deflated`].
     *
     * # Errors
     * `item`: there is no such file.
     */
    blob(item: number): Blob;
    /**
     * Chooses what is in the bundles to come: the sender whose bubbles stand
     * on the right, and what becomes of HEIC originals.
     *
     * # Errors
     * Choices that this build does not understand.
     */
    choose(look: Look): void;
    /**
     * How many media came to what, as the answers stand.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    counts(): Counts;
    /**
     * The pairs matched since the last call.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    found(): Row[];
    /**
     * Whether [`Job::blob`] must still be inflated.
     *
     * # Errors
     * `item`: there is no such file.
     */
    isDeflated(item: number): boolean;
    /**
     * What went wrong with single files, the last bundle's included.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    issues(): FileIssue[];
    /**
     * Takes frames of a pair at one of its moments (0, 1, 2): the exported one,
     * and the original's around it. Returns whether more frames could change
     * nothing.
     */
    look(medium: number, original: number, moment: number, exported: ImageData, originals: ImageData[]): boolean;
    /**
     * The pairs of videos whose frames would prove or refute what time and
     * length decided, once everything is decided.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    looks(): VideoPair[];
    /**
     * A job over the files that the page found; paths and files of each side
     * are parallel. Reads nothing yet; `watch` is asked before it does.
     *
     * # Errors
     * Settings that this build does not understand, or no worker around.
     */
    constructor(settings: Settings, chat_paths: string[], chat_files: File[], original_paths: string[], original_files: File[], watch: Watch);
    /**
     * Remembers the bundle that was just written; `when` is the page's clock,
     * in milliseconds since 1970.
     */
    noteRun(catalogue: Catalogue, when: number, bundle?: string | null): void;
    /**
     * A JPEG of a picture for the screen, its long edge at most `long_edge`.
     *
     * # Errors
     * `item`: the file cannot be read or decoded.
     */
    preview(item: number, long_edge: number): Uint8Array;
    /**
     * Lends the job what earlier visits knew, before its first batch. What is
     * new, and every answer, is noted at once.
     */
    remember(catalogue: Catalogue): void;
    /**
     * Everything decided, with the answers given so far.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    review(): Review;
    /**
     * One row as the answers stand.
     *
     * # Errors
     * `item`: there is no such medium.
     */
    row(medium: number): Row;
    /**
     * Writes one batch of the bundle (a few megabytes).
     *
     * # Errors
     * `output`: the sink refused. `too-early`: nothing is decided yet, or no
     * place to save to was given.
     */
    saveStep(): Batch;
    /**
     * Prepares writing the bundle into a folder, as [`Job::save_to_zip`].
     */
    saveToFolder(sink: FolderSink): void;
    /**
     * Prepares writing the bundle as a zip. Another bundle may follow.
     */
    saveToZip(sink: ByteSink): void;
    /**
     * Files written to the last bundle so far.
     */
    readonly filesWritten: number;
}

/**
 * The only home of default values; the page asks instead of repeating them.
 *
 * # Errors
 * Never in practice: the type has a JavaScript form.
 */
export function defaultSettings(): Settings;

/**
 * Names panics in the console. Runs by itself when the module is loaded.
 */
export function start(): void;
