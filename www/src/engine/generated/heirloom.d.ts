// Generated from crate/wasm by `cargo xtask build`; not to be edited.
/* tslint:disable */
/* eslint-disable */

/** Frames of one moment: the exported video's, and the original's in the order in which they were asked for. */
export interface VideoFrames {
    exported: ImageData;
    originals: ImageData[];
}



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


/**
 * A file that stayed where it was.
 */
export interface TrashLeft {
    /**
     * As the plan calls it.
     */
    path: string;
    /**
     * Why, as a sentence.
     */
    text: string;
}

/**
 * A file that would go.
 */
export interface TrashFile {
    /**
     * As the plan calls it.
     */
    path: string;
    /**
     * Its length.
     */
    bytes: number;
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
     * Where frames of both are taken.
     */
    moments: VideoMoment[];
    /**
     * Long edge of the frames, in pixels.
     */
    longEdge: number;
}

/**
 * A record of a run.
 */
export type TrashRecord = "manifest" | "journal";

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
 * How many stacks there are by one rule.
 */
export interface StackCount {
    /**
     * The rule.
     */
    rule: StackRule;
    /**
     * How many.
     */
    stacks: number;
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
     * Bytes of what may be forgotten.
     */
    bytes: number;
    /**
     * Bytes of what is kept until the user deletes it.
     */
    foreverBytes: number;
}

/**
 * How much proof a link needs.
 */
export type Mode = "strict" | "balanced" | "loose";

/**
 * How sure it is that units are one picture.
 */
export type DuplicateList = "exact" | "payload" | "shot" | "similar";

/**
 * Media without an original to look for.
 */
export type Unmatchable = "sticker" | "gif" | "voice" | "audio" | "contact";

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
     * How the picture was changed before it was sent; empty: only made small.
     */
    edits: Edit[];
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
     * Why it was decided so.
     */
    reason: Reason;
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
 * One file of a unit.
 */
export interface UnitFile {
    /**
     * The file.
     */
    info: ItemInfo;
    /**
     * Whether there is a picture of it to show.
     */
    media: GroupMedia;
}

/**
 * One file with something wrong.
 */
export interface DuplicatesIssue {
    /**
     * Its path.
     */
    path: string;
    /**
     * One sentence.
     */
    text: string;
}

/**
 * One group, as the list shows it.
 */
export interface GroupRow {
    /**
     * Of its content: the same files give the same id.
     */
    id: string;
    /**
     * Which list it stands in.
     */
    list: DuplicateList;
    /**
     * What it is of.
     */
    media: GroupMedia;
    /**
     * Its units; the one that is suggested to stay comes first.
     */
    units: UnitRow[];
}

/**
 * One group, as the review shows it.
 */
export interface GroupDetails {
    /**
     * Which group.
     */
    id: string;
    /**
     * Why its first unit is suggested to stay, as a sentence.
     */
    reason: string;
    /**
     * Its units, in the order of [`GroupRow::units`].
     */
    units: UnitDetails[];
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
 * One moment of both videos. A place before the beginning or behind the end
 * means the first or the last frame.
 */
export interface VideoMoment {
    /**
     * The place of the exported video's frame, in seconds from its start.
     */
    exportedS: number;
    /**
     * The places of the original's frames, in seconds from its start.
     */
    originalsS: number[];
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
 * One property in which a unit is not as the suggested keeper. Values are JSON:
 * what they mean depends on the property.
 */
export interface Difference {
    /**
     * Which property.
     */
    key: string;
    /**
     * The keeper's value.
     */
    keeper: string;
    /**
     * This unit's.
     */
    own: string;
}

/**
 * One thing that a run asks for.
 */
export type TrashAct = { kind: "keep"; record: TrashRecord } | { kind: "recall"; record: TrashRecord; most: number } | { kind: "look"; place: TrashAt } | { kind: "read"; place: TrashAt; from: number; most: number } | { kind: "move"; from: TrashAt; to: TrashAt } | { kind: "copy"; from: TrashAt; to: TrashAt; at: number; most: number } | { kind: "seal" } | { kind: "date"; place: TrashAt; modifiedMs: number } | { kind: "remove"; place: TrashAt } | { kind: "sync" } | { kind: "tidy" };

/**
 * One unit of a group, as far as lists, filters and helpers need it.
 */
export interface UnitRow {
    /**
     * Its number: the same unit has the same in every group.
     */
    unit: number;
    /**
     * The file that stands for it.
     */
    item: number;
    /**
     * That file's path.
     */
    path: string;
    /**
     * Files of the unit.
     */
    files: number;
    /**
     * Bytes of all of them.
     */
    bytes: number;
    /**
     * Pixels of the file that stands for it, width times height; null: unknown.
     */
    pixels: number | null;
    /**
     * Seconds since 1970 when it was taken, else when the file was last changed;
     * null: unknown.
     */
    dateS: number | null;
}

/**
 * One unit of a group, as its card shows it.
 */
export interface UnitDetails {
    /**
     * Its number.
     */
    unit: number;
    /**
     * Its files; the one that stands for it first.
     */
    files: UnitFile[];
    /**
     * Why they belong together; null: it is one file.
     */
    rule: StackRule | null;
    /**
     * How it was changed from the keeper's picture.
     */
    edits: string[];
    /**
     * Files of the given chats that are this one.
     */
    chats: string[];
    /**
     * What differs from the keeper.
     */
    differs: Difference[];
}

/**
 * One way in which the exported picture was changed before it was sent.
 */
export type Edit = "cover" | "drawing" | "crop" | "turn" | "mirror" | "filter" | "trim";

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
 * What a file is by its bytes or its name.
 */
export type FileKind = "jpeg" | "heic" | "avif" | "png" | "webp" | "gif" | "tiff" | "raw" | "video" | "audio" | "pdf" | "zip" | "html" | "contact" | "text" | "empty" | "unknown";

/**
 * What a group is of.
 */
export type GroupMedia = "photo" | "video" | "other";

/**
 * What a job asks the page for, and the number under which it is answered.
 */
export type Need = { kind: "frames"; id: number; pair: VideoPair };

/**
 * What a medium is to the chat.
 */
export type MediaKind = "image" | "video" | "gif" | "sticker" | "voice" | "audio" | "contact" | "document";

/**
 * What a run wants next: an act, or nothing more.
 */
export interface TrashNext {
    /**
     * What is to be done; null: it is over.
     */
    act: TrashAct | null;
    /**
     * What came of it; null: it goes on.
     */
    done: TrashDone | null;
    /**
     * Files whose turn is over.
     */
    files: number;
    /**
     * Files in all.
     */
    total: number;
}

/**
 * What becomes of an HEIC original.
 */
export type Heic = "view" | "original";

/**
 * What came of a run.
 */
export interface TrashDone {
    /**
     * Files that moved, as the plan calls them.
     */
    moved: string[];
    /**
     * Their bytes.
     */
    bytes: number;
    /**
     * Files that did not.
     */
    left: TrashLeft[];
    /**
     * What went wrong with the run itself; null: nothing.
     */
    trouble: string | null;
}

/**
 * What came of an act; bytes are supplied by themselves.
 */
export type TrashOutcome = { kind: "done" } | { kind: "seen"; form: TrashForm; size: number; modifiedMs: number | null } | { kind: "copied"; bytes: number } | { kind: "gone" } | { kind: "taken" } | { kind: "elsewhere" } | { kind: "failed"; text: string };

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
     * Why; null: no date was read.
     */
    dateEvidence: DateEvidence | null;
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
 * What is wrong with a zip or one of its entries.
 */
export type ZipFault = { kind: "told"; text: string } | { kind: "tooMany"; limit: number } | { kind: "encrypted" } | { kind: "packed"; method: string } | { kind: "size" } | { kind: "cut" } | { kind: "part" } | { kind: "noZip" } | { kind: "noChat" };

/**
 * What is wrong with one file.
 */
export type Problem = { kind: "empty" } | { kind: "unreadable"; why: Unread } | { kind: "truncated" } | { kind: "decode"; why: Undecoded } | { kind: "tooManyPixels"; width: number; height: number; limit: number } | { kind: "overLimit"; need: number; limit: number } | { kind: "notWhatItsNameSays"; named: FileKind; found: FileKind } | { kind: "noMoov" } | { kind: "soundNotDecoded" } | { kind: "missing" } | { kind: "noChatText" } | { kind: "caseCollision"; other: string } | { kind: "badText"; places: number } | { kind: "badZip"; why: ZipFault } | { kind: "zipInZip" } | { kind: "noSuchPage" } | { kind: "insidePage"; count: number } | { kind: "outsidePage"; count: number; names: string[] } | { kind: "utf16" } | { kind: "sameChat"; shared: number; added: number; better: number; shiftS: number } | { kind: "otherChat" } | { kind: "longMessage"; number: number; bytes: number } | { kind: "codePage"; name: string } | { kind: "checksum" } | { kind: "notLookedAt"; format: string } | { kind: "inCloud"; count: number; names: string[] } | { kind: "unclearDates"; order: DateOrder; choices: DateChoice[] };

/**
 * What kind of thing lies at a place.
 */
export type TrashForm = "file" | "other";

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
    /**
     * What the job waits for; null: nothing.
     */
    need: Need | null;
}

/**
 * What stays of a group.
 */
export interface TrashKeeper {
    /**
     * The group, by id.
     */
    group: string;
    /**
     * The unit, by number.
     */
    unit: number;
}

/**
 * What the user chooses for one bundle.
 */
export interface BundleChoices {
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
export type Answer = { kind: "accept" } | { kind: "reject" } | { kind: "pick"; item: number } | { kind: "reveal"; item: number };

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
 * What was looked at, and what stands out.
 */
export interface DuplicatesSummary {
    /**
     * Files that were looked at.
     */
    files: number;
    /**
     * Their bytes.
     */
    bytes: number;
    /**
     * Files not examined yet.
     */
    left: number;
    /**
     * What is wrong with single files.
     */
    issues: DuplicatesIssue[];
}

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
 * What was wrong with one file.
 */
export interface FileIssue {
    /**
     * The file.
     */
    path: string;
    /**
     * What is wrong.
     */
    problem: Problem;
}

/**
 * Where a file lies. A path is the names on the way to it, its own last.
 */
export type TrashAt = { kind: "given"; folder: number; path: string[] } | { kind: "kept"; path: string[] } | { kind: "part" } | { kind: "beside"; folder: number; path: string[]; name: string };

/**
 * Where candidates may come from.
 */
export type Search = "library" | "window";

/**
 * Why a call failed; the page owns the wording.
 */
export type FailureCode = "no-chat" | "locked" | "output" | "too-early" | "item" | "unsupported" | "unusable" | "newer" | "full" | "storage";

/**
 * Why a medium got its decision. Names are those of files, without folders.
 */
export type Reason = { kind: "open" } | { kind: "equal"; original: string } | { kind: "changed"; original: string; edits: Edit[] } | { kind: "twoFit"; first: string; second: string } | { kind: "tooDifferent"; closest: string; limit: number } | { kind: "moved"; closest: string } | { kind: "coloured"; closest: string } | { kind: "shaded"; closest: string } | { kind: "plain" } | { kind: "onlyPlain"; original: string } | { kind: "noneAlike" } | { kind: "noneAlikeThen" } | { kind: "notBetter"; original: string } | { kind: "unread"; original: string } | { kind: "takenByOther"; original: string; other: string } | { kind: "unusable"; problem: Problem } | { kind: "unreadable" } | { kind: "missing" } | { kind: "notMatchable"; what: Unmatchable } | { kind: "noDocument" } | { kind: "sameDocument"; original: string } | { kind: "noVideoAsLong" } | { kind: "lengthAlone"; original: string } | { kind: "videoNotBetter"; original: string } | { kind: "twoVideos"; first: string; second: string } | { kind: "onlyAsLong"; original: string; apartMs: number } | { kind: "trimmed"; original: string; longerMs: number } | { kind: "asLong"; original: string } | { kind: "sameFrames"; before: Reason; percents: number[] } | { kind: "otherFrames"; original: string } | { kind: "allOtherFrames"; videos: number } | { kind: "unproved"; before: Reason } | { kind: "oneIsSilent"; original: string } | { kind: "sameSound"; original: string } | { kind: "sameSoundCut"; original: string; startMs: number; endMs: number } | { kind: "otherSound"; original: string } | { kind: "twoSameSound"; first: string; second: string } | { kind: "chosen" } | { kind: "accepted" } | { kind: "kept" } | { kind: "originalUnusable"; problem: Problem };

/**
 * Why bytes did not become a picture.
 */
export type Undecoded = { kind: "told"; text: string } | { kind: "panicked" } | { kind: "index"; text: string } | { kind: "noPreview" } | { kind: "notJpeg" } | { kind: "noPixels" } | { kind: "wrongLength" } | { kind: "notDecoded" };

/**
 * Why dates were read in an order.
 */
export type DateEvidence = { kind: "asked" } | { kind: "each" } | { kind: "mediaNames"; media: number } | { kind: "noSuchDays"; dates: number; order: DateOrder } | { kind: "forward" } | { kind: "onlyForward" } | { kind: "onlyAfter" } | { kind: "changes"; files: number } | { kind: "nothing" };

/**
 * Why files belong together.
 */
export type StackRule = "livePhoto" | "rawJpg" | "heicJpg" | "motionPhoto" | "edited" | "sidecar" | "burst" | "byHand";

/**
 * Why the bytes of a file could not be had.
 */
export type Unread = { kind: "told"; text: string } | { kind: "moreThanClaimed" } | { kind: "longer" } | { kind: "changed" } | { kind: "notTaken" };


/**
 * What was learnt on earlier visits, and what the user decided.
 */
export class Catalogue {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * What went wrong with what is learnt since the last call, once: from then
     * on that is silent, and the run goes on without it.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    cacheTrouble(): Failure | undefined;
    /**
     * Everything that is remembered, as JSON, in pieces.
     *
     * # Errors
     * `full`, `storage`: the browser refused. Whatever `sink` throws is one
     * of them.
     */
    export(sink: ByteSink): void;
    /**
     * The same for what the user decides.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    foreverTrouble(): Failure | undefined;
    /**
     * Forgets what was learnt. What the user decided stays.
     *
     * # Errors
     * `full`, `storage`: the browser refused.
     */
    forgetCache(): void;
    /**
     * The catalogue of these two files; of one that could not be opened
     * nothing is remembered.
     */
    constructor(cache?: Volume | null, forever?: Volume | null);
    /**
     * How much is remembered.
     *
     * # Errors
     * `full`, `storage`: the browser refused.
     */
    remembered(): Remembered;
}

/**
 * One run over several folders. Lives in a worker, for files are read synchronously.
 *
 * A call that panics leaves it half changed: the page ends the worker then, which is
 * why `AssertUnwindSafe` is true.
 */
export class Duplicates {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Does one batch (about 100 ms). The last one puts the groups together.
     *
     * # Errors
     * What ends the job.
     */
    advance(): Batch;
    /**
     * The file itself.
     *
     * # Errors
     * `item`: there is no such file.
     */
    blob(item: number): Blob;
    /**
     * One group, with all its files.
     *
     * # Errors
     * `item`: there is no such group.
     */
    details(group: string): GroupDetails;
    /**
     * The plan for the command line: what was reviewed, and what is to go.
     *
     * # Errors
     * `item`: there is no such unit or group.
     */
    document(units: Uint32Array | number[], keepers: TrashKeeper[]): string;
    /**
     * How many groups there are.
     */
    groups(): number;
    /**
     * Whether [`Duplicates::blob`] must still be inflated.
     *
     * # Errors
     * `item`: there is no such file.
     */
    isDeflated(item: number): boolean;
    /**
     * A job over folders of these names, each with so many of the files; the files
     * behind those are of chats. Paths and files are parallel. Reads nothing yet;
     * `watch` is asked before it does.
     *
     * # Errors
     * A list that this build does not understand, or no worker around.
     */
    constructor(folders: string[], counts: Uint32Array | number[], paths: string[], files: File[], lists: DuplicateList[], watch: Watch);
    /**
     * The user says that these units are different pictures.
     *
     * # Errors
     * As [`Duplicates::stack`].
     */
    notDuplicates(units: Uint32Array | number[]): void;
    /**
     * The files of these units, with their lengths.
     *
     * # Errors
     * `item`: there is no such unit.
     */
    order(units: Uint32Array | number[]): TrashFile[];
    /**
     * A JPEG of a picture for the screen, its long edge at most `long_edge`.
     *
     * # Errors
     * `item`: the file cannot be read or decoded.
     */
    preview(item: number, long_edge: number): Uint8Array;
    /**
     * Lends the job what earlier visits knew, before its first batch.
     */
    remember(catalogue: Catalogue): void;
    /**
     * What was found, as an HTML page.
     */
    report(): string;
    /**
     * Light rows of some groups.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    rows(from: number, to: number): GroupRow[];
    /**
     * The user says that these units belong together.
     *
     * # Errors
     * `item`: there is no such unit, or a file of it could not be read.
     */
    stack(units: Uint32Array | number[]): void;
    /**
     * How many stacks there are by each rule.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    stacks(): StackCount[];
    /**
     * What was looked at.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    summary(): DuplicatesSummary;
    /**
     * Takes back what was decided last.
     */
    takeBack(): void;
    /**
     * What these units' going comes to, folder by folder. `when` names the runs.
     *
     * # Errors
     * `item`: there is no such unit or group. `unsupported`: the plan is refused, with
     * the reason as a sentence.
     */
    trash(units: Uint32Array | number[], keepers: TrashKeeper[], when: string): TrashTasks;
    /**
     * The units all of whose files these are.
     */
    unitsOf(paths: string[]): Uint32Array;
    /**
     * The user says that the files of all stacks of a rule do not belong together.
     *
     * # Errors
     * `item`: a file of them could not be read.
     */
    unstackAll(rule: StackRule): void;
    /**
     * The user says that the files of a unit do not belong together.
     *
     * # Errors
     * As [`Duplicates::stack`].
     */
    unstack(unit: number): void;
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
     * Does one batch (about 100 ms) of collect, examine or matching, or of noting
     * answers once all is decided. What it needs then, it asks for again until it
     * has a reply.
     *
     * # Errors
     * `no-chat`: there is nothing to work on.
     */
    advance(): Batch;
    /**
     * Records the user's decision on one medium; `undefined` takes it back. It is
     * noted when [`Job::advance`] says that it is done.
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
    choose(choices: BundleChoices): void;
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
     * Answers a question for frames: one for each moment that was asked for, in
     * their order. A number that nothing is asked under is left aside.
     */
    supplyFrames(id: number, frames: VideoFrames[]): void;
    /**
     * Answers any question: what was asked for cannot be had.
     */
    supplyNothing(id: number): void;
    /**
     * Files written to the last bundle so far.
     */
    readonly filesWritten: number;
}

/**
 * One run, which ends where the tab ends; the next start settles it.
 */
export class TrashRun {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The bytes of the record that is to be kept; undefined: it is to be removed.
     */
    bytes(): Uint8Array | undefined;
    /**
     * Asks for an early end: the unit in hand is completed or put back.
     */
    end(): void;
    /**
     * What is to be done next; it is the same until something is supplied.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    next(): TrashNext;
    /**
     * Finishes or takes back a run that was ended in the middle.
     */
    static recover(folder: number): TrashRun;
    /**
     * Puts back what the folder of the trash holds that the acts are done in;
     * `folder` is the number of the given folder that it lies in.
     */
    static restore(folder: number): TrashRun;
    /**
     * The bytes that were asked for.
     */
    supplyBytes(bytes: Uint8Array): void;
    /**
     * What came of the act.
     *
     * # Errors
     * `unsupported`: it is no outcome.
     */
    supply(outcome: TrashOutcome): void;
}

/**
 * What is to move, folder by folder.
 */
export class TrashTasks {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The numbers of the folders in which something moves, each with a run.
     */
    folders(): Uint32Array;
    /**
     * What stays whatever the files are now.
     *
     * # Errors
     * Never in practice: the type has a JavaScript form.
     */
    left(): TrashLeft[];
    /**
     * The run of a folder, once.
     *
     * # Errors
     * `item`: nothing moves in that folder.
     */
    run(folder: number): TrashRun;
}

/**
 * One of the catalogue's two files, open. It is lent to a [`Catalogue`].
 */
export class Volume {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Opens the file of what may be forgotten, or begins one if it is empty.
     * The handle stays the worker's to close, after this object, the catalogue
     * and every job that was lent it are gone.
     *
     * # Errors
     * `unusable`: another may take its place. `full`, `storage`: the browser
     * refused.
     */
    static cache(handle: FileSystemSyncAccessHandle): Volume;
    /**
     * As `cache`, for the file of what is kept until the user deletes it.
     *
     * # Errors
     * As `cache`; `newer`: a newer page wrote it, and it is left alone.
     */
    static forever(handle: FileSystemSyncAccessHandle): Volume;
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
