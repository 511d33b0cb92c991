// Folders that were given on earlier visits. Their handles lie in the browser's own database, which keeps them whole; what the
// browser lets the page do with them it asks the user each time.

/** A folder of before. */
export interface KeptFolder {
  id: string;
  handle: FileSystemDirectoryHandle;
}

const DATABASE = 'heirloom-folders';
const STORE = 'folders';

/** More than this nobody looks for. */
const MOST = 8;

/** The folders, the newest first; none where the browser has no such storage. */
export async function keptFolders(): Promise<KeptFolder[]> {
  try {
    const all = (await run('readonly', (store) => store.getAll())) as (KeptFolder & { at: number })[];
    return all.sort((one, other) => other.at - one.at).map(({ id, handle }) => ({ id, handle }));
  } catch {
    return [];
  }
}

/** Keeps a folder, in place of an older note of the same one. Without storage nothing is kept. */
export async function keepFolder(handle: FileSystemDirectoryHandle): Promise<void> {
  try {
    const known = await keptFolders();
    const same: string[] = [];
    for (const each of known) if (await each.handle.isSameEntry(handle)) same.push(each.id);
    for (const id of [...same, ...known.slice(MOST - 1).map((each) => each.id)]) await run('readwrite', (store) => store.delete(id));
    await run('readwrite', (store) => store.put({ id: crypto.randomUUID(), handle, at: Date.now() }));
  } catch {
    // It is chosen anew the next time.
  }
}

export async function dropFolder(id: string): Promise<void> {
  try {
    await run('readwrite', (store) => store.delete(id));
  } catch {
    // There was nothing.
  }
}

/** Forgets all of them. */
export function dropFolders(): Promise<void> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.deleteDatabase(DATABASE);
      for (const name of ['success', 'error', 'blocked']) request.addEventListener(name, () => resolve());
    } catch {
      resolve();
    }
  });
}

/** Asks for what is not allowed yet. Call it in a click: the browser shows its question only then. */
export async function allowed(handle: FileSystemHandle, mode: 'read' | 'readwrite'): Promise<boolean> {
  if ((await handle.queryPermission?.({ mode })) === 'granted') return true;
  const answer = await handle.requestPermission?.({ mode });
  return answer === undefined || answer === 'granted'; // a browser that does not ask says so when it is done
}

async function run(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await opened();
  try {
    const request = work(database.transaction(STORE, mode).objectStore(STORE));
    return await answered(request);
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE, { keyPath: 'id' }));
  return answered(request) as Promise<IDBDatabase>;
}

function answered(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
