// Runs of the trash: to it, back from it, and settling what was ended in the middle. One at a time, whatever number of tabs.

import { listen } from '../loop';
import type { LeftFile, TrashOrder, TrashPlace } from '../protocol';
import type { Duplicates, Package, TrashRun } from '../wasm';
import { earlierRuns, hasRecord, newRun, TrashHost } from './host';

/** Whoever moves files holds this lock: what has a journal and no lock was ended in the middle. */
const LOCK = 'heirloom.trash';

/** What came of one run or several. */
export interface Came {
  /** Files that moved, by path. */
  moved: string[];
  bytes: number;
  left: LeftFile[];
  places: TrashPlace[];
  /** What went wrong with a run itself. */
  trouble: string | null;
}

/** How far a run is: files, of how many, and the bytes moved so far. */
export type Tell = (done: number, total: number) => void;

const nothing = (): Came => ({ moved: [], bytes: 0, left: [], places: [], trouble: null });

/** Moves what the order names, folder by folder; before that, runs that were ended in the middle are settled. */
export function toTrash(
  engine: Package,
  job: Duplicates,
  given: (FileSystemDirectoryHandle | null)[],
  order: TrashOrder,
  when: string,
  tell: Tell,
): Promise<Came> {
  return locked(async () => {
    await settle(engine, given);
    const tasks = job.trash(Uint32Array.from(order.units), order.keepers, when);
    const came = nothing();
    came.left.push(...tasks.left());
    let before = 0;
    for (const folder of tasks.folders()) {
      const handle = given[folder];
      if (handle === undefined || handle === null) continue; // the page offers the act only where every folder has one
      const { name, ...run } = await newRun(handle, when);
      const from = before;
      const one = await driven(tasks.run(folder), new TrashHost(given, run), (done, total) => {
        before = from + done;
        tell(before, from + total);
      });
      add(came, one);
      if (one.moved.length > 0) came.places.push({ folder, name });
    }
    return came;
  });
}

/** Puts back what these folders of the trash hold. */
export function fromTrash(engine: Package, given: (FileSystemDirectoryHandle | null)[], places: TrashPlace[], tell: Tell): Promise<Came> {
  return locked(async () => {
    const came = nothing();
    for (const { folder, name } of places) {
      const handle = given[folder];
      const run = handle ? (await earlierRuns(handle)).find((each) => each.name === name) : undefined;
      if (run === undefined) came.trouble = 'it is not there any more';
      else add(came, await driven(engine.TrashRun.restore(folder), new TrashHost(given, run), tell));
    }
    return came;
  });
}

/** Runs that were ended in the middle are finished or taken back, where files may be changed; how many wait for that. */
export function recoverAll(
  engine: Package,
  given: (FileSystemDirectoryHandle | null)[],
): Promise<{ runs: number; waiting: number; left: LeftFile[] }> {
  return locked(() => settle(engine, given));
}

async function settle(engine: Package, given: (FileSystemDirectoryHandle | null)[]): Promise<{ runs: number; waiting: number; left: LeftFile[] }> {
  const settled = { runs: 0, waiting: 0, left: [] as LeftFile[] };
  for (const [folder, handle] of given.entries()) {
    if (handle === null) continue;
    for (const run of await earlierRuns(handle)) {
      if (!(await hasRecord(run, 'journal'))) continue;
      if (((await (handle as Permitted).queryPermission?.({ mode: 'readwrite' })) ?? 'granted') !== 'granted') {
        settled.waiting += 1;
        continue;
      }
      const came = await driven(engine.TrashRun.recover(folder), new TrashHost(given, run), () => undefined);
      settled.runs += 1;
      settled.left.push(...came.left);
    }
  }
  return settled;
}

/** What lies in the trash of these folders, the newest first. */
export async function trashesOf(given: (FileSystemDirectoryHandle | null)[]): Promise<TrashPlace[]> {
  const places: TrashPlace[] = [];
  for (const [folder, handle] of given.entries()) {
    if (handle === null) continue;
    for (const run of await earlierRuns(handle)) if (await hasRecord(run, 'manifest')) places.push({ folder, name: run.name });
  }
  return places;
}

type Permitted = FileSystemDirectoryHandle & { queryPermission?(options: { mode: 'readwrite' }): Promise<PermissionState> };

/** Does what the run asks for until it is over. */
async function driven(run: TrashRun, host: TrashHost, tell: Tell): Promise<Omit<Came, 'places'>> {
  try {
    for (;;) {
      const { act, done, files, total } = run.next();
      tell(files, total);
      if (done !== null) return done;
      if (act === null) throw new Error('a run of the trash asked for nothing');
      const answer = await host.act(act, act.kind === 'keep' ? run.bytes() : undefined);
      if (answer instanceof Uint8Array) run.supplyBytes(answer);
      else run.supply(answer);
      await listen();
    }
  } finally {
    run.free();
  }
}

function add(came: Came, { moved, bytes, left, trouble }: Omit<Came, 'places'>): void {
  came.moved.push(...moved);
  came.bytes += bytes;
  came.left.push(...left);
  came.trouble ??= trouble;
}

/** Waits until no other tab moves files. */
function locked<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks === undefined ? work() : navigator.locks.request(LOCK, work);
}
