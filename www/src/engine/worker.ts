// The engine's worker: loads the engine, begins the job that is asked for, and hands on what the page says to it.

import { codeOf, isCrash, wordsOf } from './failure';
import { beginDuplicates } from './jobs/duplicates';
import { beginLink } from './jobs/link';
import type { AtWork } from './loop';
import { hasStorage } from './output';
import type { Loaded } from './package';
import { load } from './package';
import type { LoadEngine, StartJob, ToWorker } from './protocol';
import { tellRemembered } from './remembered';
import { tell } from './tell';

const scope = self as unknown as DedicatedWorkerGlobalScope;

let engine: Promise<Loaded> | null = null;
/** The last job that was asked for: what is said to it while it begins waits until it can listen. */
let asked: { number: number; begun: Promise<AtWork | null> } | null = null;
let current: AtWork | null = null;

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  handle(data).catch((error: unknown) => fail('job' in data ? data.job : 0, error));
};

async function handle(msg: ToWorker): Promise<void> {
  switch (msg.kind) {
    case 'load':
      return bringUp(msg);
    case 'start':
    case 'start-duplicates': {
      const beginning = begin(msg);
      asked = { number: msg.job, begun: beginning.catch(() => null) };
      return (await beginning)?.run();
    }
    case 'count':
    case 'export':
    case 'forget': {
      const loaded = await ready();
      return loaded === null ? undefined : tellRemembered(loaded.package, msg);
    }
    default:
      if (asked?.number === msg.job) await (await asked.begun)?.command(msg);
  }
}

/** The job, made over its files; null where there is no engine. */
async function begin(msg: StartJob): Promise<AtWork | null> {
  const loaded = await ready();
  current = loaded === null ? null : msg.kind === 'start' ? await beginLink(loaded, msg) : await beginDuplicates(loaded, msg);
  return current;
}

function bringUp(msg: LoadEngine): Promise<void> {
  engine = load(msg);
  return engine.then(
    async ({ build, package: found }) =>
      tell({ kind: 'ready', build, settings: found.defaultSettings(), storage: msg.storage ?? (await hasStorage()) }),
    (error: unknown) => tell({ kind: 'unloaded', text: wordsOf(error) }),
  );
}

/** The engine, once it is loaded; null where it could not be, which `bringUp` told. */
async function ready(): Promise<Loaded | null> {
  return (await engine?.catch(() => null)) ?? null;
}

function fail(job: number, error: unknown): void {
  const crashed = isCrash(error);
  const code = crashed ? 'crashed' : (codeOf(error) ?? 'unsupported');
  const inHand = crashed && current?.loop.number === job ? current.loop.hand.last : null;
  tell({ kind: 'failed', job, code, text: wordsOf(error), inHand });
}
